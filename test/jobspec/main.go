// jobspec reads a job file of Nomad's as Nomad's own command does, and prints the job as its API takes it, in JSON.
//
//	jobspec job FILE [NAME=VALUE]…
//	jobspec template <QUESTION
//
// A NAME=VALUE is a -var. The parser is the one that Nomad uses, and what may stand in a job is what Nomad's API package
// has: an unknown block or attribute, a wrong type and a variable without a value are errors. What a driver takes in its
// config is not known here. The other form renders a template of a job as a client would; template.go has the question.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := answer(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(arguments []string) error {
	switch {
	case len(arguments) >= 2 && arguments[0] == "job":
		return printJob(arguments[1], arguments[2:])
	case len(arguments) == 1 && arguments[0] == "template":
		return renderTemplate(os.Stdin, os.Stdout)
	}
	return errors.New("usage: jobspec job FILE [NAME=VALUE]… | jobspec template")
}

func printJob(path string, assignments []string) error {
	given := map[string]string{}
	for _, assignment := range assignments {
		name, value, found := strings.Cut(assignment, "=")
		if !found {
			return fmt.Errorf("%q is no NAME=VALUE", assignment)
		}
		given[name] = value
	}
	job, err := readJob(path, given)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(job)
}
