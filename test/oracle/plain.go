package main

import (
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	ptypes "github.com/traefik/paerser/types"
)

// largestExact is the largest number that readers with floating-point numbers take exactly.
const largestExact = 1<<53 - 1

var durationType = reflect.TypeFor[ptypes.Duration]()

// plain turns a configuration into objects, lists and scalars that show every difference. Traefik's own JSON would not:
// it leaves out empty lists and maps, which are not the same as none, and whole fields that are nobody's business
// outside, such as the port of a server. Left out here is what is nil, and a scalar's zero value.
func plain(value any) any {
	shown, _ := tree(reflect.ValueOf(value))
	return shown
}

// tree also says whether there is anything to show.
func tree(value reflect.Value) (any, bool) {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return nil, false
		}
		shown, _ := tree(value.Elem())
		return shown, true
	case reflect.Struct:
		return object(value), true
	case reflect.Map:
		return entries(value), !value.IsNil()
	case reflect.Slice:
		return list(value), !value.IsNil()
	default:
		return scalar(value), !value.IsZero()
	}
}

func object(value reflect.Value) map[string]any {
	shown := map[string]any{}
	for index := range value.NumField() {
		field := value.Type().Field(index)
		if !field.IsExported() {
			continue
		}
		if inner, present := tree(value.Field(index)); present {
			shown[nameOf(field)] = inner
		}
	}
	return shown
}

// nameOf is the documented name, or Go's where there is none.
func nameOf(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name != "" && name != "-" {
		return name
	}
	first, rest := field.Name[0], field.Name[1:]
	return string(unicode.ToLower(rune(first))) + rest
}

func entries(value reflect.Value) map[string]any {
	shown := map[string]any{}
	for _, key := range value.MapKeys() {
		shown[key.String()], _ = tree(value.MapIndex(key))
	}
	return shown
}

func list(value reflect.Value) []any {
	shown := make([]any, value.Len())
	for index := range value.Len() {
		shown[index], _ = tree(value.Index(index))
	}
	return shown
}

func scalar(value reflect.Value) any {
	if value.Type() == durationType {
		return time.Duration(value.Int()).String()
	}
	if value.CanInt() && (value.Int() > largestExact || value.Int() < -largestExact) {
		return strconv.FormatInt(value.Int(), 10)
	}
	return value.Interface()
}
