package main

import (
	"encoding/json"
	"io"
	"text/template"
)

// question is a template of a job, and what there is where it is rendered.
type question struct {
	Text  string `json:"text"`
	Left  string `json:"left"`
	Right string `json:"right"`
	// Environment of the task.
	Environment map[string]string `json:"environment"`
	// Variables has the items of Nomad's variables by path.
	Variables map[string]map[string]string `json:"variables"`
}

// item is one of a variable's, as templates see it.
type item struct{ Key, Value string }

func renderTemplate(in io.Reader, out io.Writer) error {
	var asked question
	if err := json.NewDecoder(in).Decode(&asked); err != nil {
		return err
	}
	functions := template.FuncMap{
		"env": func(name string) string { return asked.Environment[name] },
		"nomadVarExists": func(path string) bool {
			_, exists := asked.Variables[path]
			return exists
		},
		"nomadVar": func(path string) map[string]item {
			items := map[string]item{}
			for key, value := range asked.Variables[path] {
				items[key] = item{key, value}
			}
			return items
		},
	}
	parsed, err := template.New("job").Delims(asked.Left, asked.Right).Funcs(functions).Parse(asked.Text)
	if err != nil {
		return err
	}
	return parsed.Execute(out, nil)
}
