package graph

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// Bounds of what is read into memory.
const (
	maxAnswer = 64 << 20 // a page of 50 incidents with all of their alerts is about 1 MB, a terrible one 20 MB
	maxError  = 64 << 10
)

// answers stands between the SDK and the transport, so that the SDK sees nothing but good answers of a bounded size.
// An answer that is not 2xx becomes a *soc.Problem here, with its headers and body at hand. The SDK's own way would
// replay a 401, panic at a challenge without quotes, answer with an empty message where the body is not JSON, and read
// bodies without end.
type answers struct {
	next  http.RoundTripper
	now   func() time.Time
	limit int64
}

// RoundTrip returns an error for what is not 2xx, which the interface asks of nobody: there is no reader of such an
// answer above.
func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxError)) // half a message is better than none
		_ = resp.Body.Close()
		return nil, transport.ProblemOfResponse(service, resp, body, a.now())
	}
	resp.Body = &boundedBody{ReadCloser: resp.Body, left: a.limit, limit: a.limit}
	return resp, nil
}

// boundedBody fails when more comes than fits.
type boundedBody struct {
	io.ReadCloser
	left, limit int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine(fmt.Sprintf(service+" sent more than %d MB in one answer", b.limit>>20)),
			Next:    text.NewLine("ask for less at once"),
		}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
