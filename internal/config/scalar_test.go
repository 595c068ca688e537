package config

import (
	"testing"
	"time"
)

func TestParseBase(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, url, want string }{
		{"plain", "https://graph.microsoft.com", "https://graph.microsoft.com"},
		{"a slash at the end", "https://graph.microsoft.com/", "https://graph.microsoft.com"},
		{"capitals", "HTTPS://Graph.Microsoft.COM", "https://graph.microsoft.com"},
		{"the default port", "https://a.example:443", "https://a.example"},
		{"another port", "https://a.example:8443/", "https://a.example:8443"},
		{"a port with zeros", "https://a.example:08443", "https://a.example:8443"},
		{"an address", "https://127.0.0.1:8443", "https://127.0.0.1:8443"},
		{"an address of version 6", "https://[::1]:8443", "https://[::1]:8443"},
		{"localhost", "https://localhost:8443", "https://localhost:8443"},
		{"http", "http://a.example", ""},
		{"another scheme", "ftp://a.example", ""},
		{"no scheme", "a.example", ""},
		{"a path", "https://a.example/x", ""},
		{"two slashes", "https://a.example//", ""},
		{"a query", "https://a.example?x", ""},
		{"an empty query", "https://a.example?", ""},
		{"a fragment", "https://a.example#x", ""},
		{"a user", "https://kai@a.example", ""},
		{"a password", "https://kai:x@a.example", ""},
		{"no host", "https://", ""},
		{"only a port", "https://:443", ""},
		{"an empty port", "https://a.example:", ""},
		{"port 0", "https://a.example:0", ""},
		{"a port too large", "https://a.example:65536", ""},
		{"a dot at the end", "https://a.example.", ""},
		{"a name beyond ascii", "https://аzure.example", ""},
		{"an underscore", "https://a_b.example", ""},
		{"a dash in front", "https://-a.example", ""},
		{"a zone", "https://[fe80::1%25eth0]", ""},
		{"a backslash", "https://a.example\\", ""},
		{"opaque", "https:a.example", ""},
		{"escaped", "https://a%2eexample", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseBase(tc.url)
			if (tc.want == "") != (err != nil) || (err == nil && got != tc.want) {
				t.Errorf("parseBase(%q) = %v, %v; want %q", tc.url, got, err, tc.want)
			}
		})
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "4h": 4 * time.Hour, "1h30m": 90 * time.Minute, "2d": 48 * time.Hour,
		"1d12h": 36 * time.Hour, "366d": 366 * 24 * time.Hour, "24h": 24 * time.Hour,
		"": 0, "0s": 0, "0d": 0, "60": 0, "1.5h": 0, "-1h": 0, "+1h": 0, "1w": 0, "367d": 0, "9999d": 0, "1h d": 0, "h": 0, "1ms": 0, "1µs": 0, "1m2d": 0,
		"999999h": 0, "999999h999999h999999h999999h": 0,
	} {
		got, err := parseDuration(s)
		if want == 0 && err == nil || want != 0 && got != want {
			t.Errorf("parseDuration(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
}

func TestParseProxy(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"http://proxy.example:3128": true, "https://proxy.example/": true, "socks5://127.0.0.1:1080": true,
		"proxy.example:3128": false, "http://": false, "http://a.example/x": false, "http://a.example?x": false, "http://u:p@a.example": false, "http://-x": false,
	} {
		if _, err := parseProxy(s); (err == nil) != ok {
			t.Errorf("parseProxy(%q): %v", s, err)
		}
	}
}
