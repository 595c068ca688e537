package simcloud

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/socctl/socctl/internal/simcloud/entra"
	"github.com/socctl/socctl/internal/simcloud/estate"
)

// fail answers in Graph's error envelope.
func (g *graphCall) fail(status int, code, message string) { g.failWith(status, code, message, "") }

// failWith adds members, in JSON, between message and innerError.
func (g *graphCall) failWith(status int, code, message, members string) {
	h := g.w.Header()
	b := []byte(`{"error":{"code":`)
	b = estate.AppendText(b, code)
	b = append(b, `,"message":`...)
	b = estate.AppendText(b, message)
	b = append(b, members...)
	b = append(b, `,"innerError":{"date":`...)
	b = estate.AppendText(b, g.date())
	b = append(b, `,"request-id":`...)
	b = estate.AppendText(b, h.Get("request-id"))
	b = append(b, `,"client-request-id":`...)
	b = estate.AppendText(b, h.Get("client-request-id"))
	g.send(status, append(b, `}}}`...))
}

// date is the time of an error, which has no Z.
func (g *graphCall) date() string {
	return g.cloud.options.Now().UTC().Format("2006-01-02T15:04:05")
}

// badRequest refuses a query.
func (g *graphCall) badRequest(format string, args ...any) {
	g.fail(http.StatusBadRequest, "BadRequest", fmt.Sprintf(format, args...))
}

// topExceeded is the answer to too large a $top: its code is empty.
func (g *graphCall) topExceeded(limit int, asked string) {
	g.failWith(http.StatusBadRequest, "", fmt.Sprintf("The query specified in the URI is not valid. The limit of '%d' for Top query has been exceeded. The value from the incoming request is '%s'.", limit, asked), `,"details":[]`)
}

// unauthorized refuses the token.
func (g *graphCall) unauthorized() {
	g.w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="", authorization_uri="%s/common/oauth2/authorize", client_id="%s"`, rootOf(g.r), entra.GraphID))
	g.fail(http.StatusUnauthorized, "InvalidAuthenticationToken", g.refused.Error())
}

// challenge asks for a token that fulfils claims (continuous access evaluation, graph-api 9.4).
func (g *graphCall) challenge(claims string) {
	g.w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="", authorization_uri="%s/common/oauth2/authorize", client_id="%s", error="insufficient_claims", claims="%s"`,
		rootOf(g.r), entra.GraphID, base64.StdEncoding.EncodeToString([]byte(claims))))
	g.fail(http.StatusUnauthorized, "InvalidAuthenticationToken", "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp")
}

// missing names the permissions that the token lacks.
func (g *graphCall) missing(want []string) {
	have := strings.Join(g.claims.Permissions(), ",")
	message := fmt.Sprintf("Missing application scopes. API requires one of '%s', application scopes: %s.", strings.Join(want, ", "), have)
	if !g.claims.Delegated() {
		message = fmt.Sprintf("Missing application roles. API required roles: %s, application roles: %s.", strings.Join(want, ","), have)
	}
	g.fail(http.StatusForbidden, "Forbidden", message)
}

// tooManyRequests has an envelope of its own.
func (g *graphCall) tooManyRequests(seconds int) {
	g.w.Header().Set("Retry-After", strconv.Itoa(seconds))
	b := []byte(`{"error":{"code":"TooManyRequests","innerError":{"code":"429","date":`)
	b = estate.AppendText(b, g.date())
	b = append(b, `,"message":"Please retry after","request-id":`...)
	b = estate.AppendText(b, g.w.Header().Get("request-id"))
	g.send(http.StatusTooManyRequests, append(b, `,"status":"429"},"message":"Please retry again later."}}`...))
}

func newID() string { return uuid.NewString() }

// jitter is a random part of a duration. Nothing else depends on it.
func jitter(d time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(d) + 1)) //nolint:gosec // no secret
}
