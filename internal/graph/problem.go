package graph

import (
	"errors"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// service is what people read who asked or answered.
const service = "the Graph service"

// failure gives the error of a request in the words of the domain. The end of a context stays visible to errors.Is.
func failure(err error) error {
	var panicked *guard.Panic
	if errors.As(err, &panicked) {
		return badAnswer("an answer that the Graph library cannot take", err)
	}
	return transport.ProblemOfError(service, err)
}

// badAnswer is the problem of an answer that is not what the service promises.
func badAnswer(what string, cause error) *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemBadAnswer,
		Summary: text.NewLine(service + " sent " + what),
		Next:    text.NewLine("try again; if it stays, a proxy on the way may answer instead of Microsoft"),
		Err:     cause,
	}
}

// invalidID is the problem of an id that no service hands out; it must not become a part of a path.
func invalidID(id string) *soc.Problem {
	return &soc.Problem{Kind: soc.ProblemUnsafe, Summary: text.NewLine(text.Quote(id) + " is not an id that can be asked for")}
}
