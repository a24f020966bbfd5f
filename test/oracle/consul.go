package main

import "github.com/traefik/traefik/v3/pkg/provider/consulcatalog"

// readConsul is the first configuration that the Consul catalog provider sends.
func readConsul(address string, options providerOptions) answer {
	builder := &consulcatalog.ProviderBuilder{}
	builder.SetDefaults()
	builder.Endpoint.Address = address
	builder.Endpoint.Scheme = "http"
	set(options.Prefix, &builder.Prefix)
	set(options.ExposedByDefault, &builder.ExposedByDefault)
	set(options.DefaultRule, &builder.DefaultRule)
	set(options.Constraints, &builder.Constraints)
	if options.StrictChecks != nil {
		builder.StrictChecks = options.StrictChecks
	}
	if options.Namespace != "" {
		builder.Namespaces = []string{options.Namespace}
	}
	return firstConfiguration(builder.BuildProviders()[0])
}
