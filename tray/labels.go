package tray

import "kapu/agent"

// labels are the disambiguated names that the menu shows, in the order of the clients. Clients that share a name get
// the first of tax number, folder and id that differs between all of them.
func labels(clients []agent.Client) []string {
	out := make([]string, len(clients))
	first := make(map[string]int, len(clients))
	sharing := map[string][]int{}
	for i := range clients {
		name := clients[i].Name
		out[i] = name
		if f, known := first[name]; !known {
			first[name] = i
		} else if sharing[name] == nil {
			sharing[name] = []int{f, i}
		} else {
			sharing[name] = append(sharing[name], i)
		}
	}
	for _, same := range sharing {
		tellApart(clients, same, out)
	}
	return out
}

func tellApart(clients []agent.Client, same []int, out []string) {
	marks := []func(agent.Client) string{
		func(c agent.Client) string { return c.TaxNumber },
		func(c agent.Client) string { return c.Folder },
	}
	for length := 4; length < 64; length *= 2 {
		marks = append(marks, func(c agent.Client) string { return c.ID[:min(length, len(c.ID))] })
	}
	for _, mark := range marks {
		seen := map[string]bool{}
		for _, i := range same {
			if m := mark(clients[i]); m != "" {
				seen[m] = true
			}
		}
		if len(seen) < len(same) {
			continue
		}
		for _, i := range same {
			out[i] = clients[i].Name + " (" + mark(clients[i]) + ")"
		}
		return
	}
}
