package main

import "github.com/traefik/traefik/v3/pkg/provider/nomad"

// readNomad is the first configuration that the Nomad provider sends. Nomad's checks are not its business.
func readNomad(address string, options providerOptions) answer {
	builder := &nomad.ProviderBuilder{}
	builder.SetDefaults()
	builder.Endpoint.Address = address
	set(options.Prefix, &builder.Prefix)
	set(options.ExposedByDefault, &builder.ExposedByDefault)
	set(options.DefaultRule, &builder.DefaultRule)
	set(options.Constraints, &builder.Constraints)
	if options.Namespace != "" {
		builder.Namespaces = []string{options.Namespace}
	}
	return firstConfiguration(builder.BuildProviders()[0])
}
