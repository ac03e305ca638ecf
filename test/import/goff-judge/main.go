// Answers of the query engine of GO Feature Flag (github.com/nikunjy/rules v1.5.0, replaced as GO Feature Flag replaces it by
// github.com/hairyhenderson/rules v0.0.0-20250704181428-58ee76134adc), for test/import/fixtures/goff-queries.json:
// node questions.ts | go run . > ../fixtures/goff-queries.json
// Questions are {"queries": [text], "contexts": [object]}; answers are a text of 0 and 1 for each query, one for each context.
package main

import (
	"encoding/json"
	"os"

	"github.com/nikunjy/rules/parser"
)

func main() {
	var questions struct {
		Queries  []string                 `json:"queries"`
		Contexts []map[string]interface{} `json:"contexts"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := map[string]string{}
	for _, query := range questions.Queries {
		text := ""
		for _, context := range questions.Contexts {
			if parser.Evaluate(query, prepared(context)) {
				text += "1"
			} else {
				text += "0"
			}
		}
		answers[query] = text
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(answers); err != nil {
		panic(err)
	}
}

// As GO Feature Flag's relay proxy prepares a context: whole numbers are integers, `anonymous` is there, and the key has two names.
func prepared(context map[string]interface{}) map[string]interface{} {
	result := map[string]interface{}{"anonymous": false}
	for name, value := range context {
		if number, ok := value.(float64); ok && number == float64(int(number)) {
			result[name] = int(number)
		} else {
			result[name] = value
		}
	}
	if _, ok := result["targetingKey"]; !ok {
		result["targetingKey"] = ""
	}
	result["key"] = result["targetingKey"]
	return result
}
