package main

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// freeForm shows the blocks of a body as attributes, too, where its content has no schema: `ulimit { core = "0" }` in the
// config of a task is `ulimit = [{ core = "0" }]`.
type freeForm struct {
	*hclsyntax.Body
}

func blocksAsAttributes(body hcl.Body) hcl.Body {
	if syntax, isSyntax := body.(*hclsyntax.Body); isSyntax {
		return freeForm{syntax}
	}
	return body
}

func (body freeForm) Content(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, problems := body.Body.Content(schema)
	showAsAttributes(content)
	return content, problems
}

func (body freeForm) PartialContent(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	content, rest, problems := body.Body.PartialContent(schema)
	showAsAttributes(content)
	return content, blocksAsAttributes(rest), problems
}

func showAsAttributes(content *hcl.BodyContent) {
	for _, block := range content.Blocks {
		block.Body = blocksAsAttributes(block.Body)
	}
}

func (body freeForm) JustAttributes() (hcl.Attributes, hcl.Diagnostics) {
	attributes := hcl.Attributes{}
	for name, attribute := range body.Body.Attributes {
		attributes[name] = attribute.AsHCLAttribute()
	}
	for name, expression := range blockExpressions(body.Body) {
		attributes[name] = &hcl.Attribute{Name: name, Expr: expression, Range: expression.Range(), NameRange: expression.StartRange()}
	}
	return attributes, nil
}

// blockExpressions has a list of objects for each type of block.
func blockExpressions(body *hclsyntax.Body) map[string]*hclsyntax.TupleConsExpr {
	lists := map[string]*hclsyntax.TupleConsExpr{}
	for _, block := range body.Blocks {
		list := lists[block.Type]
		if list == nil {
			list = &hclsyntax.TupleConsExpr{SrcRange: block.Range(), OpenRange: block.OpenBraceRange}
			lists[block.Type] = list
		}
		list.Exprs = append(list.Exprs, objectOf(block.Body))
	}
	return lists
}

func objectOf(body *hclsyntax.Body) hclsyntax.Expression {
	object := &hclsyntax.ObjectConsExpr{SrcRange: body.SrcRange, OpenRange: body.SrcRange}
	add := func(name string, value hclsyntax.Expression) {
		key := &hclsyntax.TemplateExpr{Parts: []hclsyntax.Expression{literal(name)}, SrcRange: body.SrcRange}
		object.Items = append(object.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: value})
	}
	for _, attribute := range inOrder(body.Attributes) {
		add(attribute.Name, attribute.Expr)
	}
	for name, list := range blockExpressions(body) {
		add(name, list)
	}
	return object
}

func inOrder(attributes hclsyntax.Attributes) []*hclsyntax.Attribute {
	ordered := make([]*hclsyntax.Attribute, 0, len(attributes))
	for _, attribute := range attributes {
		ordered = append(ordered, attribute)
	}
	slices.SortFunc(ordered, func(one, other *hclsyntax.Attribute) int {
		return one.SrcRange.Start.Byte - other.SrcRange.Start.Byte
	})
	return ordered
}

func literal(text string) hclsyntax.Expression {
	return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text)}
}
