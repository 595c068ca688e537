package config

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// builder makes a Config of values and checks what one key alone cannot tell. It goes on after a fault, to find the
// others, but does not report what only follows from one.
type builder struct {
	*reader
	env environment
	cfg *Config
}

// The bounds and the default of refresh: a shorter time would spend a customer's budget on looking.
const (
	defaultRefresh = 60 * time.Second
	minRefresh     = 10 * time.Second
	maxRefresh     = time.Hour
)

func (b *builder) build(v *value) {
	b.clouds(v.get("clouds"))
	b.home(v.get("home"))
	b.general(v)
	if list := b.tenants(v.get("tenants")); b.faults.any() {
		return // filters and targets name customers and groups, which may be missing for that reason alone
	} else if b.cfg.Registry = b.registry(v, list); b.cfg.Registry != nil {
		b.cfg.Views = b.views(v.get("views"))
	}
}

// path gives a path of the configuration, completed, or nothing where there is none.
func (b *builder) path(v *value, key string) string {
	p := of[string](v, key)
	if p == "" {
		return ""
	}
	full, err := b.files.path(p)
	if err != nil {
		b.faults.add(v.where(key), "%s: %v", key, err)
	}
	return full
}

func (b *builder) clouds(v *value) {
	builtin := tenants.BuiltinClouds()
	b.cfg.Clouds = tenants.BuiltinClouds()
	if v == nil {
		return
	}
	for _, name := range v.names {
		c := v.get(name)
		if _, taken := builtin[name]; taken {
			b.faults.add(c.at, "the cloud %s is built in and cannot be changed: choose another name", name)
			continue
		}
		cloud := tenants.Cloud{
			Name: name, Authority: of[string](c, "authority"), Graph: of[string](c, "graph"),
			ResourceManager: of[string](c, "resource_manager"), Portal: of[string](c, "portal"),
			CAFile: b.path(c, "ca_file"), Supported: true,
		}
		if cloud.CAFile != "" {
			if err := b.files.checkCA(cloud.CAFile); err != nil {
				b.faults.add(c.where("ca_file"), "ca_file: %v", err)
			}
		}
		b.cfg.Clouds[name] = cloud
	}
}

// cloud finds the cloud that a key below v names.
func (b *builder) cloud(v *value, fallback tenants.Cloud) tenants.Cloud {
	word := string(of[name](v, "cloud"))
	if word == "" {
		return fallback
	}
	c, ok := b.cfg.Clouds[word]
	switch {
	case !ok:
		known := make([]string, 0, len(b.cfg.Clouds))
		for n, c := range b.cfg.Clouds {
			if c.Supported {
				known = append(known, n)
			}
		}
		slices.Sort(known)
		b.faults.addNear(v.where("cloud"), word, known, "there is no cloud %s", text.Quote(word))
	case !c.Supported:
		b.faults.add(v.where("cloud"), "the cloud %s cannot be used: %s", word, c.Why)
	}
	return c
}

func (b *builder) home(v *value) {
	h := &b.cfg.Home
	h.Tenant, h.ClientID = soc.TenantID(of[guid](v, "tenant")), string(of[guid](v, "client_id"))
	h.SignIn = SignIn(of[string](v, "sign_in"))
	if h.SignIn == "" {
		h.SignIn = SignInBrowser
	}
	h.Cloud = b.cloud(v, b.cfg.Clouds[tenants.DefaultCloud])
	if v == nil {
		return
	}
	signInWrong := v.has("sign_in") && v.get("sign_in") == nil
	if !v.has("client_id") && h.SignIn.needsClient() && !signInWrong {
		b.faults.add(v.at, "home.client_id is missing: the id of the provider's multi-tenant application")
	}
	secretFile := b.path(v, "client_secret_file")
	h.ClientCertificateFile = b.path(v, "client_certificate_file")
	switch h.SignIn {
	case SignInClientSecret:
		b.clientSecret(v, secretFile)
	case SignInClientCertificate:
		password, _ := b.env.first("SOCCTL_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD")
		h.ClientCertificatePassword = secret.New(password)
		if h.ClientCertificateFile == "" {
			b.faults.add(v.where("sign_in"), "sign_in: client-certificate wants home.client_certificate_file")
		}
	}
}

// clientSecret takes the application's secret from a variable, or else from its file.
func (b *builder) clientSecret(v *value, file string) {
	if s, _ := b.env.first("SOCCTL_CLIENT_SECRET", "AZURE_CLIENT_SECRET"); s != "" {
		b.cfg.Home.ClientSecret = secret.New(s)
		return
	}
	if file == "" {
		b.faults.add(v.where("sign_in"), "sign_in: client-secret wants the variable SOCCTL_CLIENT_SECRET or home.client_secret_file")
		return
	}
	s, err := b.files.secret(file)
	if err != nil {
		b.faults.add(v.where("client_secret_file"), "client_secret_file: %v", err)
	}
	b.cfg.Home.ClientSecret = s
}

// general takes over the keys that stand alone.
func (b *builder) general(v *value) {
	b.cfg.ReadOnly = of[bool](v, "read_only")
	b.cfg.LogFile = b.path(v, "log_file")
	b.cfg.Refresh = defaultRefresh
	if v.get("refresh") != nil {
		b.cfg.Refresh = of[time.Duration](v, "refresh")
		if b.cfg.Refresh < minRefresh || b.cfg.Refresh > maxRefresh {
			b.faults.add(v.where("refresh"), "refresh: it has to be between 10s and 1h")
		}
	}
	b.proxy(v)
	b.console(v.get("console"))
}

// proxy takes the proxy from its key, or else from the variable that other programs know. That one is checked here,
// since the library would go without the proxy where it cannot read it.
func (b *builder) proxy(v *value) {
	noProxy, _ := b.env.first("NO_PROXY", "no_proxy")
	if u := of[*url.URL](v, "proxy"); u != nil {
		b.cfg.proxy = &httpproxy.Config{HTTPSProxy: u.String(), NoProxy: noProxy}
		return
	}
	s, variable := b.env.first("HTTPS_PROXY", "https_proxy")
	if s == "" {
		return
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		b.faults.add(place{where: variable, variable: true}, "this is not the URL of a proxy") // not quoted: it may have a password
		return
	}
	b.cfg.proxy = &httpproxy.Config{HTTPSProxy: s, NoProxy: noProxy}
}
