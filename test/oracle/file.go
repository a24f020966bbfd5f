package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider/file"
	"github.com/traefik/traefik/v3/pkg/safe"
)

func loadFile(text, directory string) answer {
	message, err := fileMessage(text, directory)
	if err != nil {
		return refusal(err)
	}
	return answer{"config": plain(message.Configuration)}
}

// fileMessage is what the file provider sends first for a directory that holds nothing but this text.
func fileMessage(text, directory string) (dynamic.Message, error) {
	if err := os.WriteFile(filepath.Join(directory, "chart.yml"), []byte(text), 0o600); err != nil {
		return dynamic.Message{}, err
	}
	pool := safe.NewPool(context.Background())
	defer pool.Stop()
	messages := make(chan dynamic.Message, 1)
	provider := &file.Provider{Directory: directory}
	if err := provider.Provide(messages, pool); err != nil {
		return dynamic.Message{}, err
	}
	return <-messages, nil
}
