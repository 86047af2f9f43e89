package clip

import (
	"testing"
	"time"

	"kapu/internal/wait"
)

// A clipboard manager asks for all there is and is not in front: nothing was pasted. Who has the keyboard pastes.
func TestOnlyTheProgramInFrontPastes(t *testing.T) {
	_, c := onX(t)
	manager, front := newAsker(t), newAsker(t)
	front.comesToFront()
	must(t, c.Copy("kovacs.anna"))
	pasted := c.Pasted()
	manager.pastes("kovacs.anna")
	for _, question := range []string{"TARGETS", "TIMESTAMP", "x-kde-passwordManagerHint"} {
		_, err := front.paste(question) // asks what it could paste
		must(t, err)
	}
	never(t, pasted)
	front.pastes("kovacs.anna")
	front.pastes("kovacs.anna") // some ask twice
	soon(t, pasted)
}

func TestWithoutAWindowInFrontNothingIsPasted(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	must(t, c.Copy("kovacs.anna"))
	a.pastes("kovacs.anna")
	never(t, c.Pasted())
}

// What is copied after the paste has pastes of its own, and emptiness is never pasted.
func TestAPasteIsOfOneText(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	a.comesToFront()
	must(t, c.Copy("kovacs.anna"))
	a.pastes("kovacs.anna")
	soon(t, c.Pasted())
	must(t, c.Copy("123456"))
	never(t, c.Pasted())
	code := c.Pasted()
	c.Clear()
	a.pastes("")
	never(t, code)
}

func soon(t *testing.T, pasted <-chan struct{}) {
	t.Helper()
	wait.For(t, "the paste", pasted)
}

// never waits for as long as it takes to tell of a paste, and as long again.
func never(t *testing.T, pasted <-chan struct{}) {
	t.Helper()
	select {
	case <-pasted:
		t.Error("told of a paste that nobody made")
	case <-time.After(2 * restTime):
	}
}
