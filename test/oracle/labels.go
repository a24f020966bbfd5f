package main

import "github.com/traefik/traefik/v3/pkg/config/label"

// decodeLabels is the step that both catalog providers take for each instance.
func decodeLabels(labels map[string]string) answer {
	configuration, err := label.DecodeConfiguration(labels)
	if err != nil {
		return refusal(err)
	}
	return answer{"config": plain(configuration)}
}
