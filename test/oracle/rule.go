package main

import (
	"fmt"
	"net/http"

	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	tcpmuxer "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/tcp"
)

// parseRule adds a route to an empty muxer: the test that decides whether a router is enabled.
func parseRule(protocol, rule string) answer {
	var priority int
	var err error
	switch protocol {
	case "http":
		priority, err = addHTTPRoute(rule)
	case "tcp":
		priority, err = addTCPRoute(rule)
	default:
		err = fmt.Errorf("unknown protocol %q, expected: http, tcp", protocol)
	}
	if err != nil {
		return refusal(err)
	}
	return answer{"ok": true, "priority": priority}
}

func addHTTPRoute(rule string) (int, error) {
	parser, err := httpmuxer.NewSyntaxParser()
	if err != nil {
		return 0, err
	}
	priority := httpmuxer.GetRulePriority(rule)
	return priority, httpmuxer.NewMuxer(parser).AddRoute(rule, "v3", priority, http.NotFoundHandler())
}

func addTCPRoute(rule string) (int, error) {
	muxer, err := tcpmuxer.NewMuxer()
	if err != nil {
		return 0, err
	}
	priority := tcpmuxer.GetRulePriority(rule)
	return priority, muxer.AddRoute(rule, "v3", priority, tcp.HandlerFunc(func(tcp.WriteCloser) {}))
}
