package app

import (
	"net/http"

	"github.com/socctl/socctl/internal/soc"
)

// HTTP is the client that every request to a customer takes.
func (a *App) HTTP(id soc.TenantID) *http.Client { return a.customers[id].http }
