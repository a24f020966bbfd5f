package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// firstAnswerWithin bounds the wait for a provider, which would otherwise retry for ever. It asks for each of a thousand
// services by itself, and a machine may have other things to do.
const firstAnswerWithin = 60 * time.Second

// providerOptions are those of Traefik's; what is left out has Traefik's default.
type providerOptions struct {
	Prefix           *string  `json:"prefix"`
	ExposedByDefault *bool    `json:"exposedByDefault"`
	DefaultRule      *string  `json:"defaultRule"`
	Constraints      *string  `json:"constraints"`
	StrictChecks     []string `json:"strictChecks"`
	Namespace        string   `json:"namespace"`
}

// set overwrites a default where an option was given.
func set[T any](option *T, setting *T) {
	if option != nil {
		*setting = *option
	}
}

// firstConfiguration runs a provider until it sends, or logs that it failed and will try again.
func firstConfiguration(catalog provider.Provider) answer {
	if err := catalog.Init(); err != nil {
		return refusal(err)
	}
	pool := safe.NewPool(journal.context(context.Background()))
	defer pool.Stop()
	messages := make(chan dynamic.Message, 1)
	if err := catalog.Provide(messages, pool); err != nil {
		return refusal(err)
	}
	select {
	case message := <-messages:
		return answer{"config": plain(message.Configuration)}
	case failure := <-journal.failures:
		return refusal(errors.New(failure))
	case <-time.After(firstAnswerWithin):
		return refusal(fmt.Errorf("the provider has sent nothing for %s", firstAnswerWithin))
	}
}
