package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/rs/zerolog"
	"github.com/rs/zerolog/log"
)

// record keeps what Traefik logs during one question. Providers tell their failures nowhere else.
type record struct {
	mutex    sync.Mutex
	written  []string
	failures chan string
}

var journal = newJournal()

func newJournal() *record {
	kept := &record{failures: make(chan string, 1)}
	log.Logger = zerolog.New(kept)
	return kept
}

// start forgets the last question. Errors are always kept, the rest where it was asked for.
func (r *record) start(verbose bool) {
	level := zerolog.ErrorLevel
	if verbose {
		level = zerolog.DebugLevel
	}
	zerolog.SetGlobalLevel(level)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.written = nil
	select {
	case <-r.failures:
	default:
	}
}

func (r *record) context(parent context.Context) context.Context {
	return log.Logger.WithContext(parent)
}

func (r *record) lines() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]string{}, r.written...)
}

// Write takes one entry. An entry about a retry is how a provider says that it has failed.
func (r *record) Write(entry []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.written = append(r.written, string(bytes.TrimSpace(entry)))
	var fields struct{ Message, Error string }
	if json.Unmarshal(entry, &fields) == nil && strings.Contains(fields.Message, "retrying in") {
		select {
		case r.failures <- fields.Error:
		default:
		}
	}
	return len(entry), nil
}
