package main

import (
	"fmt"
	"reflect"
	"time"

	"encoding/json"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// decode fills a value of Nomad's API package by the tags of its fields.
func decode(body hcl.Body, context *hcl.EvalContext, into any) hcl.Diagnostics {
	decoder := &gohcl.Decoder{}
	decoder.RegisterExpressionDecoder(reflect.TypeFor[time.Duration](), func(expression hcl.Expression, context *hcl.EvalContext, into any) hcl.Diagnostics {
		duration, problems := readDuration(expression, context)
		*into.(*time.Duration) = duration
		return problems
	})
	decoder.RegisterExpressionDecoder(reflect.TypeFor[*time.Duration](), func(expression hcl.Expression, context *hcl.EvalContext, into any) hcl.Diagnostics {
		duration, problems := readDuration(expression, context)
		*into.(**time.Duration) = &duration
		return problems
	})
	problems := decoder.DecodeBody(body, context, into)
	if problems.HasErrors() {
		return problems
	}
	return append(problems, evaluateFreeForm(reflect.ValueOf(into), context)...)
}

func readDuration(expression hcl.Expression, context *hcl.EvalContext) (time.Duration, hcl.Diagnostics) {
	value, problems := expression.Value(context)
	if problems.HasErrors() {
		return 0, problems
	}
	if value.IsNull() || value.Type() != cty.String {
		return 0, hcl.Diagnostics{problemAt(expression.Range().Ptr(), `a duration with its unit is expected, such as "5s"`)}
	}
	duration, err := time.ParseDuration(value.AsString())
	if err != nil {
		return 0, hcl.Diagnostics{problemAt(expression.Range().Ptr(), err.Error())}
	}
	return duration, nil
}

// evaluateFreeForm gives values to what the decoder leaves as expressions, since nobody but a driver or an autoscaler knows
// what may stand there: maps of anything, at any depth.
func evaluateFreeForm(value reflect.Value, context *hcl.EvalContext) hcl.Diagnostics {
	var problems hcl.Diagnostics
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			problems = append(problems, evaluateFreeForm(value.Elem(), context)...)
		}
	case reflect.Struct:
		for index := range value.NumField() {
			if value.Type().Field(index).IsExported() {
				problems = append(problems, evaluateFreeForm(value.Field(index), context)...)
			}
		}
	case reflect.Slice:
		for index := range value.Len() {
			problems = append(problems, evaluateFreeForm(value.Index(index), context)...)
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			attribute, isExpression := value.MapIndex(key).Interface().(*hcl.Attribute)
			if !isExpression {
				continue
			}
			plain, found := plainValue(attribute, context)
			problems = append(problems, found...)
			if !found.HasErrors() {
				value.SetMapIndex(key, reflect.ValueOf(plain))
			}
		}
	}
	return problems
}

func plainValue(attribute *hcl.Attribute, context *hcl.EvalContext) (any, hcl.Diagnostics) {
	value, problems := attribute.Expr.Value(context)
	if problems.HasErrors() {
		return nil, problems
	}
	if value.IsNull() || !value.IsWhollyKnown() {
		return nil, hcl.Diagnostics{problemAt(&attribute.Range, fmt.Sprintf("%q has no value", attribute.Name))}
	}
	text, err := ctyjson.Marshal(value, value.Type())
	if err != nil {
		return nil, hcl.Diagnostics{problemAt(&attribute.Range, err.Error())}
	}
	return json.RawMessage(text), nil
}
