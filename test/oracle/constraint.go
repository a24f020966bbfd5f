package main

import "github.com/traefik/traefik/v3/pkg/provider/constraints"

func matchConstraint(expression string, tags []string) answer {
	matches, err := constraints.MatchTags(tags, expression)
	if err != nil {
		return refusal(err)
	}
	return answer{"matches": matches}
}
