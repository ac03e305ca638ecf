// Asks a relay through flagd's own provider for Go, and prints what an app is told, a line of JSON each.
//
// usage: flagd-provider-test HOST PORT
//
// It prints "ready", the answers, and then waits for a change: each line that it reads makes it ask for one flag again.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	flagd "github.com/open-feature/go-sdk-contrib/providers/flagd/pkg"
	of "github.com/open-feature/go-sdk/openfeature"
)

type told struct {
	Flag      string `json:"flag"`
	Value     any    `json:"value"`
	Variant   string `json:"variant,omitempty"`
	Reason    string `json:"reason,omitempty"`
	ErrorCode string `json:"errorCode,omitempty"`
	Metadata  any    `json:"metadata,omitempty"`
}

func say(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func main() {
	port, err := strconv.ParseUint(os.Args[2], 10, 16)
	if err != nil {
		panic(err)
	}
	provider, err := flagd.NewProvider(flagd.WithHost(os.Args[1]), flagd.WithPort(uint16(port)), flagd.WithLRUCache(100))
	if err != nil {
		panic(err)
	}
	changed := func(details of.EventDetails) { say(map[string]any{"changed": details.FlagChanges}) }
	of.AddHandler(of.ProviderConfigChange, &changed)
	if err := of.SetProviderAndWait(provider); err != nil {
		panic(err)
	}
	say("ready")

	client := of.NewClient("test")
	ctx := context.Background()
	nobody := of.NewEvaluationContext("u", map[string]any{})
	pro := of.NewEvaluationContext("u", map[string]any{"plan": "pro"})
	boolean := func(flag string, fallback bool) {
		d, _ := client.BooleanValueDetails(ctx, flag, fallback, nobody)
		say(told{flag, d.Value, d.Variant, string(d.Reason), string(d.ErrorCode), d.FlagMetadata})
	}
	text := func(flag string, who of.EvaluationContext) {
		d, _ := client.StringValueDetails(ctx, flag, "mine", who)
		say(told{flag, d.Value, d.Variant, string(d.Reason), string(d.ErrorCode), d.FlagMetadata})
	}
	boolean("truth", false)
	boolean("truth", false)
	boolean("lie", true)
	text("text", nobody)
	text("by-plan", pro)
	float, _ := client.FloatValueDetails(ctx, "number", 7, nobody)
	say(told{"number", float.Value, float.Variant, string(float.Reason), string(float.ErrorCode), nil})
	whole, _ := client.IntValueDetails(ctx, "integer", 7, nobody)
	say(told{"integer", whole.Value, whole.Variant, string(whole.Reason), string(whole.ErrorCode), nil})
	object, _ := client.ObjectValueDetails(ctx, "object", nil, nobody)
	say(told{"object", object.Value, object.Variant, string(object.Reason), string(object.ErrorCode), nil})
	boolean("nope", true)
	boolean("text", true)
	text("bare", nobody)

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		boolean(lines.Text(), false)
	}
}
