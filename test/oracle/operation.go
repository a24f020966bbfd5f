package main

import (
	"encoding/json"
	"fmt"
)

// operation is a question: Op says which one, and which of the other fields it reads.
type operation struct {
	Op         string            `json:"op"`
	Labels     map[string]string `json:"labels"`
	Text       string            `json:"text"`
	Name       string            `json:"name"`
	Address    string            `json:"address"`
	Options    providerOptions   `json:"options"`
	Expression string            `json:"expression"`
	Tags       []string          `json:"tags"`
	Protocol   string            `json:"protocol"`
	Rule       string            `json:"rule"`
	Syntax     string            `json:"syntax"`
	Arrivals   []arrival         `json:"arrivals"`
	Elsewhere  []elsewhere       `json:"elsewhere"`
	// Log asks for what Traefik logs meanwhile, down to debug, beside the answer.
	Log bool `json:"log"`
}

// answer holds what there is to say; an error or a panic of Traefik's is an answer too.
type answer map[string]any

func refusal(err error) answer {
	return answer{"error": err.Error()}
}

// answerLine never fails: what is wrong with the question is told in the answer.
func answerLine(line []byte, watched string) answer {
	var question operation
	if err := json.Unmarshal(line, &question); err != nil {
		return refusal(fmt.Errorf("the oracle cannot read the question: %w", err))
	}
	journal.start(question.Log)
	told := ask(question, watched)
	if question.Log {
		told["log"] = journal.lines()
	}
	return told
}

// ask survives Traefik's panics, such as the one about a tag key that ends in a lone bracket.
func ask(question operation, watched string) (told answer) {
	defer func() {
		if recovered := recover(); recovered != nil {
			told = answer{"panic": fmt.Sprint(recovered)}
		}
	}()
	switch question.Op {
	case "labels":
		return decodeLabels(question.Labels)
	case "file":
		return loadFile(question.Text, watched)
	case "runtime":
		return judgeRuntime(question.Text, watched, question.Elsewhere)
	case "consul":
		return readConsul(question.Address, question.Options)
	case "nomad":
		return readNomad(question.Address, question.Options)
	case "template":
		return renderDefaultRule(question.Text, question.Name, question.Labels)
	case "constraint":
		return matchConstraint(question.Expression, question.Tags)
	case "rule":
		return parseRule(question.Protocol, question.Rule)
	case "match":
		return matchRule(question.Protocol, question.Rule, question.Syntax, question.Arrivals)
	default:
		return refusal(fmt.Errorf("unknown operation %q, expected: labels, file, runtime, consul, nomad, template, constraint, rule, match", question.Op))
	}
}
