package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	tcpmuxer "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/tcp"
)

// arrival is a request, or a connection that asks for a host.
type arrival struct {
	Host string `json:"host"`
	Path string `json:"path"`
}

// matchRule tells of each arrival whether the only route there is takes it.
func matchRule(protocol, rule, syntax string, arrivals []arrival) answer {
	matches := []bool{}
	var match func(arrival) (bool, error)
	var err error
	switch protocol {
	case "http":
		match, err = httpMatcher(rule, syntax)
	case "tcp":
		match, err = tcpMatcher(rule, syntax)
	default:
		err = fmt.Errorf("unknown protocol %q, expected: http, tcp", protocol)
	}
	if err != nil {
		return refusal(err)
	}
	for _, each := range arrivals {
		matched, err := match(each)
		if err != nil {
			return refusal(err)
		}
		matches = append(matches, matched)
	}
	return answer{"matched": matches}
}

func httpMatcher(rule, syntax string) (func(arrival) (bool, error), error) {
	parser, err := httpmuxer.NewSyntaxParser()
	if err != nil {
		return nil, err
	}
	muxer := httpmuxer.NewMuxer(parser)
	taken := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) })
	if err := muxer.AddRoute(rule, syntax, 1, taken); err != nil {
		return nil, err
	}
	decorator := requestdecorator.New(nil)
	return func(each arrival) (bool, error) {
		request := &http.Request{Method: http.MethodGet, Host: each.Host, URL: &url.URL{Path: each.Path}, Header: http.Header{}}
		recorder := httptest.NewRecorder()
		decorator.ServeHTTP(recorder, request, muxer.ServeHTTP)
		return recorder.Code == http.StatusTeapot, nil
	}, nil
}

// client is a connection of which only the other end's address is ever asked.
type client struct{ tcp.WriteCloser }

func (client) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 40000}
}

func tcpMatcher(rule, syntax string) (func(arrival) (bool, error), error) {
	muxer, err := tcpmuxer.NewMuxer()
	if err != nil {
		return nil, err
	}
	if err := muxer.AddRoute(rule, syntax, 1, tcp.HandlerFunc(func(tcp.WriteCloser) {})); err != nil {
		return nil, err
	}
	return func(each arrival) (bool, error) {
		connection, err := tcpmuxer.NewConnData(each.Host, client{}, nil)
		if err != nil {
			return false, err
		}
		handler, _ := muxer.Match(connection)
		return handler != nil, nil
	}, nil
}
