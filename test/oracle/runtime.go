package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/config/runtime"
	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	"github.com/traefik/traefik/v3/pkg/plugins"
	"github.com/traefik/traefik/v3/pkg/proxy/httputil"
	"github.com/traefik/traefik/v3/pkg/safe"
	"github.com/traefik/traefik/v3/pkg/server"
	"github.com/traefik/traefik/v3/pkg/server/middleware"
	tcpmiddleware "github.com/traefik/traefik/v3/pkg/server/middleware/tcp"
	"github.com/traefik/traefik/v3/pkg/server/router"
	tcprouter "github.com/traefik/traefik/v3/pkg/server/router/tcp"
	udprouter "github.com/traefik/traefik/v3/pkg/server/router/udp"
	"github.com/traefik/traefik/v3/pkg/server/service"
	tcpservice "github.com/traefik/traefik/v3/pkg/server/service/tcp"
	udpservice "github.com/traefik/traefik/v3/pkg/server/service/udp"
	"github.com/traefik/traefik/v3/pkg/tcp"
	"github.com/traefik/traefik/v3/pkg/tls"
	"github.com/traefik/traefik/v3/pkg/tls/generate"
	"github.com/traefik/traefik/v3/pkg/types"
)

// judgeRuntime builds all that a Traefik builds from a file, except for health checks, and reports what has errors. That
// Traefik has every entry point and every plugin that the file names, and what other providers are said to define.
func judgeRuntime(text, directory string, others []elsewhere) answer {
	message, err := fileMessage(text, directory)
	if err != nil {
		return refusal(err)
	}
	merged := mergeLikeServer(message)
	for _, each := range others {
		if err := each.addTo(&merged); err != nil {
			return refusal(err)
		}
	}
	built, err := build(merged)
	if err != nil {
		return refusal(err)
	}
	return answer{"flaws": flawsOf(built)}
}

// mergeLikeServer qualifies names and fills in entry points as the server does between its providers and its routers.
func mergeLikeServer(message dynamic.Message) dynamic.Configuration {
	pool := safe.NewPool(context.Background())
	defer pool.Stop()
	merged := make(chan dynamic.Configuration, 1)
	watcher := server.NewConfigurationWatcher(pool, once{message}, []string{"web"}, "")
	watcher.AddListener(func(configuration dynamic.Configuration) { merged <- configuration })
	watcher.Start()
	return <-merged
}

// once is a provider with one thing to say.
type once struct{ message dynamic.Message }

func (o once) Init() error { return nil }

func (o once) Provide(messages chan<- dynamic.Message, _ *safe.Pool) error {
	messages <- o.message
	return nil
}

// build follows server.RouterFactory, which would also launch health checks.
func build(merged dynamic.Configuration) (*runtime.Configuration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	parser, err := httpmuxer.NewSyntaxParser()
	if err != nil {
		return nil, err
	}
	merged.HTTP.ServersTransports["default@internal"] = &dynamic.ServersTransport{}
	merged.TCP.ServersTransports["default@internal"] = &dynamic.TCPServersTransport{}
	transports := service.NewTransportManager(nil)
	transports.Update(merged.HTTP.ServersTransports)
	dialers := tcp.NewDialerManager(nil)
	dialers.Update(merged.TCP.ServersTransports)
	certificates := tls.NewManager(nil)
	certificates.UpdateConfigs(ctx, map[string]tls.Store{tls.DefaultTLSStoreName: ownStore()}, merged.TLS.Options, nil)

	configuration := runtime.NewConfig(merged)
	tcpEntryPoints, udpEntryPoints := entryPointsOf(merged)
	pool := safe.NewPool(ctx)
	defer pool.Stop()
	services := service.NewManager(configuration.Services, nil, pool, transports, httputil.NewProxyBuilder(transports, nil))
	middlewares := middleware.NewBuilder(configuration.Middlewares, services, &anyPlugin{})
	routers := router.NewManager(configuration, services, middlewares, nil, certificates, parser)
	routers.ParseRouterTree()
	plainHandlers := routers.BuildHandlers(ctx, tcpEntryPoints, false)
	secureHandlers := routers.BuildHandlers(ctx, tcpEntryPoints, true)
	tcprouter.NewManager(configuration, tcpservice.NewManager(configuration, dialers),
		tcpmiddleware.NewBuilder(configuration.TCPMiddlewares), plainHandlers, secureHandlers, certificates,
	).BuildHandlers(ctx, tcpEntryPoints)
	udprouter.NewManager(configuration, udpservice.NewManager(configuration)).BuildHandlers(ctx, udpEntryPoints)
	return configuration, nil
}

// ownStore spares Traefik a new key for each file. Nothing is ever served with its certificate.
var ownStore = sync.OnceValue(func() tls.Store {
	certificate, key, err := generate.KeyPair("oracle.invalid", time.Time{})
	if err != nil {
		panic(err)
	}
	pair := tls.Certificate{CertFile: types.FileOrContent(certificate), KeyFile: types.FileOrContent(key)}
	return tls.Store{DefaultCertificate: &pair}
})

// anyPlugin knows every plugin. Traefik asks its builder by reflection whether it is nil: a pointer, therefore.
type anyPlugin struct{}

func (*anyPlugin) Build(string, map[string]any, string) (plugins.Constructor, error) {
	return func(_ context.Context, next http.Handler) (http.Handler, error) { return next, nil }, nil
}

func entryPointsOf(merged dynamic.Configuration) (forTCP, forUDP []string) {
	overTCP := map[string]bool{"web": true}
	for _, each := range merged.HTTP.Routers {
		declare(overTCP, each.EntryPoints)
	}
	for _, each := range merged.TCP.Routers {
		declare(overTCP, each.EntryPoints)
	}
	overUDP := map[string]bool{"dns": true}
	for _, each := range merged.UDP.Routers {
		declare(overUDP, each.EntryPoints)
	}
	return slices.Sorted(maps.Keys(overTCP)), slices.Sorted(maps.Keys(overUDP))
}

func declare(all map[string]bool, names []string) {
	for _, name := range names {
		all[name] = true
	}
}

// flaw is something that Traefik disables, or warns of.
type flaw struct {
	Key    string   `json:"key"`
	Status string   `json:"status"`
	Errors []string `json:"errors"`
}

// flawsOf lists what is not simply enabled, by section and qualified name.
func flawsOf(built *runtime.Configuration) []flaw {
	flaws := []flaw{}
	report := func(section, name, status string, errors []string) {
		if status != runtime.StatusEnabled || len(errors) > 0 {
			flaws = append(flaws, flaw{Key: fmt.Sprintf("%s/%s", section, name), Status: status, Errors: errors})
		}
	}
	for name, each := range built.Routers {
		report("http/routers", name, each.Status, each.Err)
	}
	for name, each := range built.Services {
		report("http/services", name, each.Status, each.Err)
	}
	for name, each := range built.Middlewares {
		report("http/middlewares", name, each.Status, each.Err)
	}
	for name, each := range built.TCPRouters {
		report("tcp/routers", name, each.Status, each.Err)
	}
	for name, each := range built.TCPServices {
		report("tcp/services", name, each.Status, each.Err)
	}
	for name, each := range built.TCPMiddlewares {
		report("tcp/middlewares", name, each.Status, each.Err)
	}
	for name, each := range built.UDPRouters {
		report("udp/routers", name, each.Status, each.Err)
	}
	for name, each := range built.UDPServices {
		report("udp/services", name, each.Status, each.Err)
	}
	slices.SortFunc(flaws, func(a, b flaw) int { return strings.Compare(a.Key, b.Key) })
	return flaws
}
