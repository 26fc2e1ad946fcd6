// Package sse is the k6 module k6/x/sse: server-sent events, event by event, as they come. k6's own
// HTTP module gives a body when it has ended, which of a stream of tokens is too late.
//
//	import sse from 'k6/x/sse';
//	const response = sse.open(url, params, (client) => {
//	  client.on('open', (response) => {});
//	  client.on('event', (event) => {}); // id, name, data, time
//	  client.on('error', (failure) => {}); // failure.error()
//	  client.close();
//	});
//
// The call's shape is that of the public xk6-sse, so scripts for that one run here.
package sse

import (
	"net/http"

	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/metrics"
)

func init() {
	modules.Register("k6/x/sse", new(RootModule))
}

// RootModule makes one instance of the module for each virtual user.
type RootModule struct{}

// NewModuleInstance is called in each virtual user's init stage.
func (*RootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	return &instance{
		vu:     vu,
		events: vu.InitEnv().Registry.MustNewMetric("sse_event", metrics.Counter),
	}
}

type instance struct {
	vu        modules.VU
	events    *metrics.Metric
	transport *http.Transport
}

// Exports has one function, open.
func (i *instance) Exports() modules.Exports {
	return modules.Exports{Default: map[string]any{"open": i.open}}
}

// connections are this virtual user's own, kept from one stream to the next as a browser's are.
func (i *instance) connections() *http.Transport {
	if i.transport == nil {
		state := i.vu.State()
		i.transport = &http.Transport{
			DialContext:       state.Dialer.DialContext,
			Proxy:             http.ProxyFromEnvironment,
			DisableKeepAlives: state.Options.NoConnectionReuse.Bool,
			// Bodies are read as they come; a compressor would hold events back.
			DisableCompression: true,
		}
		if state.TLSConfig != nil {
			i.transport.TLSClientConfig = state.TLSConfig.Clone()
			i.transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		}
	}
	return i.transport
}
