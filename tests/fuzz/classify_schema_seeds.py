#!/usr/bin/env python3
"""Writes the seeds of classify_schema_fuzz into corpus/classify_schema, beside this file.

Descriptor sets of small schemas of our own: marked, unmarked, nested, with maps and comments.
"""
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROTO = HERE / "../../proto"

SCHEMAS = {
    "unmarked": (False, """
      message Visit { string dx_code = 1; /* The last period. */ string day = 2; bool email = 3;
        map<string, Note> notes = 4; message Note { string text = 1; Visit again = 2; } }
    """),
    "proto2": (False, """
      message Person { required string name = 1; optional group Dob = 2 { optional int32 y = 3; }
        extensions 100 to 199; } extend Person { optional string ssn = 100; }
    """),
    "marked": (True, """
      message Mood { option (subrosa.v1.message) = { title: "mood" health: [ 1 ] };
        int32 score = 1 [(subrosa.v1.field) = {health: HEALTH_CATEGORY_CONDITIONS}];
        string code = 2 [(subrosa.v1.field) = {role: FIELD_ROLE_CODE}];
        string page = 4 [(subrosa.v1.field) = {not_personal: true free_text: true}]; }
    """),
}


def main():
  corpus = HERE / "corpus/classify_schema"
  corpus.mkdir(parents=True, exist_ok=True)
  for name, (imports_marks, text) in SCHEMAS.items():
    syntax = "proto2" if name == "proto2" else "proto3"
    head = f'syntax = "{syntax}"; package t; '
    if imports_marks:
      head += 'import "subrosa/v1/annotations.proto"; '
    with tempfile.TemporaryDirectory() as folder:
      (pathlib.Path(folder) / "s.proto").write_text(head + text)
      subprocess.run(
          ["protoc", "-I", PROTO, "-I", folder, "--include_imports",
           # With all its imports' comments a seed would be slow to mutate.
           *([] if imports_marks else ["--include_source_info"]),
           f"--descriptor_set_out={corpus / name}", "s.proto"], check=True)


if __name__ == "__main__":
  main()
