package main

import (
	"fmt"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/tls"
)

// elsewhere is something sound that the file refers to and another provider, or another file, defines.
type elsewhere struct {
	Protocol string `json:"protocol"`
	Kind     string `json:"kind"`
	// Name is qualified: `auth@docker`.
	Name string `json:"name"`
}

func (e elsewhere) addTo(merged *dynamic.Configuration) error {
	switch e.Protocol + " " + e.Kind {
	case "http service":
		server := dynamic.Server{URL: "http://127.0.0.1:1"}
		balancer := &dynamic.ServersLoadBalancer{Servers: []dynamic.Server{server}}
		balancer.SetDefaults()
		merged.HTTP.Services[e.Name] = &dynamic.Service{LoadBalancer: balancer}
	case "http middleware":
		merged.HTTP.Middlewares[e.Name] = &dynamic.Middleware{AddPrefix: &dynamic.AddPrefix{Prefix: "/x"}}
	case "http serversTransport":
		merged.HTTP.ServersTransports[e.Name] = &dynamic.ServersTransport{}
	case "tcp service":
		server := dynamic.TCPServer{Address: "127.0.0.1:1"}
		balancer := &dynamic.TCPServersLoadBalancer{Servers: []dynamic.TCPServer{server}}
		merged.TCP.Services[e.Name] = &dynamic.TCPService{LoadBalancer: balancer}
	case "tcp middleware":
		merged.TCP.Middlewares[e.Name] = &dynamic.TCPMiddleware{InFlightConn: &dynamic.TCPInFlightConn{Amount: 1}}
	case "tcp serversTransport":
		merged.TCP.ServersTransports[e.Name] = &dynamic.TCPServersTransport{}
	case "udp service":
		server := dynamic.UDPServer{Address: "127.0.0.1:1"}
		balancer := &dynamic.UDPServersLoadBalancer{Servers: []dynamic.UDPServer{server}}
		merged.UDP.Services[e.Name] = &dynamic.UDPService{LoadBalancer: balancer}
	case "http tlsOptions", "tcp tlsOptions":
		merged.TLS.Options[e.Name] = tls.DefaultTLSOptions
	default:
		return fmt.Errorf("nothing of the kind %s %q can be defined elsewhere", e.Protocol, e.Kind)
	}
	return nil
}
