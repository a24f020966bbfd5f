// The oracle answers what Traefik itself would do, by Traefik's own packages.
//
// One operation a line comes in as JSON, one answer a line goes out, in the same order. It ends with its input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// serve answers until the input ends.
func serve(in io.Reader, out io.Writer) error {
	watched, err := os.MkdirTemp("", "portolan-oracle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(watched)

	questions := bufio.NewReader(in)
	answers := bufio.NewWriter(out)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for {
		line, err := questions.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := encoder.Encode(answerLine(line, watched)); err != nil {
			return err
		}
		if err := answers.Flush(); err != nil {
			return err
		}
	}
}
