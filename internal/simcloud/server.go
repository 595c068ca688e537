package simcloud

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is a cloud that listens. Close it.
type Server struct {
	cloud  *Cloud
	url    string
	caPEM  []byte
	http   *http.Server
	cancel context.CancelFunc
	serve  sync.WaitGroup // the accept loop
	gate   sync.RWMutex   // held for reading by every request under way
	closed sync.Once
	failed error
}

// Start listens on a loopback address such as 127.0.0.1:0, with a certificate authority of its own.
func (c *Cloud) Start(listen string) (*Server, error) {
	leaf, ca, err := certificates()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("listen on %s: %w", listen, err)
	}
	s := &Server{cloud: c, url: "https://" + l.Addr().String(), caPEM: ca, cancel: cancel}
	s.http = &http.Server{
		Handler: s.held(c.Handler()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx },
		TLSConfig:   &tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS12},
	}
	s.serve.Go(func() {
		if err := s.http.ServeTLS(l, "", ""); !errors.Is(err, http.ErrServerClosed) {
			s.failed = err
		}
	})
	return s, nil
}

// held lets Close wait for the requests under way.
func (s *Server) held(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.gate.RLock()
		defer s.gate.RUnlock()
		next.ServeHTTP(w, r)
	})
}

// URL is the root of the cloud, such as https://127.0.0.1:8443: authority, Graph and resource manager in one.
func (s *Server) URL() string { return s.url }

// CAPEM is the certificate authority that clients must trust.
func (s *Server) CAPEM() []byte { return append([]byte(nil), s.caPEM...) }

// Cloud is what the server serves.
func (s *Server) Cloud() *Cloud { return s.cloud }

// Close ends every connection and waits for everything that the server started.
func (s *Server) Close() error {
	var err error
	s.closed.Do(func() {
		s.cancel()
		err = s.http.Close()
		s.serve.Wait()
		s.gate.Lock() // nobody is left to hold it
		defer s.gate.Unlock()
		err = errors.Join(err, s.failed)
	})
	return err
}
