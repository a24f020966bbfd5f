package main

import (
	"fmt"
	"os"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/nomad/api"
	"github.com/zclconf/go-cty/cty"
)

var fileSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "job", LabelNames: []string{"name"}},
}}

// readJob reads the one job of a file, with the defaults that Nomad gives to what the file leaves out.
func readJob(path string, given map[string]string) (*api.Job, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, problems := hclsyntax.ParseConfig(source, path, hcl.InitialPos)
	if problems.HasErrors() {
		return nil, problems
	}
	content, problems := file.Body.Content(fileSchema)
	if problems.HasErrors() {
		return nil, problems
	}
	context := &hcl.EvalContext{Functions: functions, UndefinedVariable: leftToNomad(source)}
	context.Variables, problems = readVariables(content.Blocks, given, context)
	if problems.HasErrors() {
		return nil, problems
	}
	jobs := content.Blocks.OfType("job")
	if len(jobs) != 1 {
		return nil, fmt.Errorf("%s has %d jobs, and must have one", path, len(jobs))
	}
	job := &api.Job{}
	body := dynblock.Expand(blocksAsAttributes(jobs[0].Body), context)
	if problems := decode(body, context, job); problems.HasErrors() {
		return nil, problems
	}
	name := jobs[0].Labels[0]
	job.ID = &name
	job.Canonicalize()
	return job, nil
}

// What the client knows and the command does not: nodes, and the variables of the task's environment.
var ofTheClient = regexp.MustCompile(`^(?:NOMAD_\w+|attr|node|meta|env|device)$`)

// leftToNomad keeps ${NOMAD_…} and the like as they stand, for the client to fill in. Nomad's command does so with every
// unknown name, a misspelt one, too; here that is an error.
func leftToNomad(source []byte) func(hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	return func(traversal hcl.Traversal) (cty.Value, hcl.Diagnostics) {
		span := traversal.SourceRange()
		if !ofTheClient.MatchString(traversal.RootName()) {
			return cty.DynamicVal, hcl.Diagnostics{{
				Severity: hcl.DiagError,
				Summary:  "Unknown variable",
				Detail:   fmt.Sprintf("neither the file nor a client of Nomad's has %q", traversal.RootName()),
				Subject:  &span,
			}}
		}
		return cty.StringVal("${" + string(source[span.Start.Byte:span.End.Byte]) + "}"), nil
	}
}
