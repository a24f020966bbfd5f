package main

import (
	"strings"

	"github.com/traefik/traefik/v3/pkg/provider"
)

// renderDefaultRule does what provider.BuildRouterConfiguration does for a router without a rule.
func renderDefaultRule(text, name string, labels map[string]string) answer {
	template, err := provider.MakeDefaultRuleTemplate(text, nil)
	if err != nil {
		return answer{"error": err.Error(), "stage": "parse"}
	}
	model := struct {
		Name   string
		Labels map[string]string
	}{Name: name, Labels: labels}
	var rule strings.Builder
	if err := template.Execute(&rule, model); err != nil {
		return answer{"error": err.Error(), "stage": "execute"}
	}
	return answer{"rule": rule.String()}
}
