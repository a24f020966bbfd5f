package main

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Those of Nomad's functions that the job files use.
var functions = map[string]function.Function{
	"concat":   stdlib.ConcatFunc,
	"contains": stdlib.ContainsFunc,
	"indent":   stdlib.IndentFunc,
	"join":     stdlib.JoinFunc,
}

var variableSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "type", Required: true}, {Name: "description"}, {Name: "default"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "validation"}},
}

var validationSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "condition", Required: true}, {Name: "error_message", Required: true}},
}

// readVariables answers with what `var` and `local` stand for.
func readVariables(blocks hcl.Blocks, given map[string]string, context *hcl.EvalContext) (map[string]cty.Value, hcl.Diagnostics) {
	variables := map[string]cty.Value{}
	var problems hcl.Diagnostics
	for _, block := range blocks.OfType("variable") {
		value, found := readVariable(block, given, context)
		problems = append(problems, found...)
		variables[block.Labels[0]] = value
	}
	for name := range given {
		if _, declared := variables[name]; !declared {
			problems = append(problems, problemAt(nil, fmt.Sprintf("the file has no variable %q", name)))
		}
	}
	if problems.HasErrors() {
		return nil, problems
	}
	all := map[string]cty.Value{"var": cty.ObjectVal(variables), "local": cty.EmptyObjectVal}
	inner := context.NewChild()
	inner.Variables = all
	problems = append(problems, checkVariables(blocks, inner)...)
	locals, found := readLocals(blocks, inner)
	all["local"] = cty.ObjectVal(locals)
	return all, append(problems, found...)
}

func readVariable(block *hcl.Block, given map[string]string, context *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	content, problems := block.Body.Content(variableSchema)
	if problems.HasErrors() {
		return cty.DynamicVal, problems
	}
	wanted, problems := typeexpr.Type(content.Attributes["type"].Expr)
	if problems.HasErrors() {
		return cty.DynamicVal, problems
	}
	value, problems := assigned(block.Labels[0], given, wanted, content.Attributes["default"], context)
	if problems.HasErrors() {
		return cty.DynamicVal, problems
	}
	converted, err := convert.Convert(value, wanted)
	if err != nil {
		return cty.DynamicVal, hcl.Diagnostics{problemAt(&block.DefRange, fmt.Sprintf("variable %q: %v", block.Labels[0], err))}
	}
	return converted, nil
}

// assigned is what was given with -var, a string as it stands and everything else as an expression, or the default.
func assigned(name string, given map[string]string, wanted cty.Type, fallback *hcl.Attribute, context *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	text, isGiven := given[name]
	if isGiven && wanted == cty.String {
		return cty.StringVal(text), nil
	}
	if isGiven {
		expression, problems := hclsyntax.ParseExpression([]byte(text), "-var "+name, hcl.InitialPos)
		if problems.HasErrors() {
			return cty.DynamicVal, problems
		}
		return expression.Value(nil)
	}
	if fallback == nil {
		return cty.DynamicVal, hcl.Diagnostics{problemAt(nil, fmt.Sprintf("variable %q has no value", name))}
	}
	return fallback.Expr.Value(context)
}

func checkVariables(blocks hcl.Blocks, context *hcl.EvalContext) hcl.Diagnostics {
	var problems hcl.Diagnostics
	for _, block := range blocks.OfType("variable") {
		content, _ := block.Body.Content(variableSchema)
		for _, validation := range content.Blocks {
			rule, found := validation.Body.Content(validationSchema)
			if found.HasErrors() {
				problems = append(problems, found...)
				continue
			}
			holds, found := rule.Attributes["condition"].Expr.Value(context)
			problems = append(problems, found...)
			message, found := rule.Attributes["error_message"].Expr.Value(context)
			problems = append(problems, found...)
			if !problems.HasErrors() && holds.False() {
				problems = append(problems, problemAt(&validation.DefRange, message.AsString()))
			}
		}
	}
	return problems
}

// readLocals reads them in the order of the file: one may name those above it. (Nomad takes them in any order.)
func readLocals(blocks hcl.Blocks, context *hcl.EvalContext) (map[string]cty.Value, hcl.Diagnostics) {
	locals := map[string]cty.Value{}
	var problems hcl.Diagnostics
	for _, block := range blocks.OfType("locals") {
		body, isSyntax := block.Body.(*hclsyntax.Body)
		if !isSyntax {
			continue
		}
		for _, attribute := range inOrder(body.Attributes) {
			value, found := attribute.Expr.Value(context)
			problems = append(problems, found...)
			locals[attribute.Name] = value
			context.Variables["local"] = cty.ObjectVal(locals)
		}
	}
	return locals, problems
}

func problemAt(where *hcl.Range, message string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Not acceptable", Detail: message, Subject: where}
}
