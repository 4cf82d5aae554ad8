#!/usr/bin/env bash
# The house's rules that a line count or a name can show: file length, include
# guards, names that say nothing, what is left open. Prints each breach.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

breaches=0
breach() {
  echo "$1"
  breaches=$((breaches + 1))
}

while read -r file; do
  # A file may be longer if long_files.txt says why.
  grep -q "^$file  *[^ ]" tests/lint/long_files.txt && continue
  case $file in
    *_test.cc) most=500 ;;
    *.h) most=200 ;;
    *) most=400 ;;
  esac
  lines=$(wc -l <"$file")
  [ "$lines" -le "$most" ] ||
    breach "$file: want at most $most lines, or a reason in long_files.txt, got $lines"
done < <(git ls-files 'src/*.h' 'src/*.cc' 'tools/*.h' 'tools/*.cc')

while read -r file _; do
  [ -f "$file" ] || breach "tests/lint/long_files.txt: want a file, got $file"
done < <(grep -v '^#' tests/lint/long_files.txt)

while read -r file; do
  guard=SUBROSA_$(tr 'a-z/.' 'A-Z__' <<<"$file")_
  grep -qx "#ifndef $guard" "$file" || breach "$file: want the include guard $guard"
done < <(git ls-files 'src/*.h' 'tools/*.h' 'tests/*.h' 'docs/*.h')

while read -r file; do
  breach "$file: the name says nothing"
done < <(git ls-files |
  grep -E '(^|/)(utils?|common|helpers?|misc|manager)(/|[_.])' || true)

# Two types of one name in one namespace meet in a program that links both rooms,
# and the linker keeps either's code for both.
while read -r name; do
  places=$(git grep -lE "^(class|struct|enum class) $name( |\$)" -- 'src/*.h' | tr '\n' ' ')
  breach "$name: want one definition, got those in $places"
done < <(git grep -hE '^(class|struct|enum class) [A-Za-z]+( (final|:|\{).*)?$' -- 'src/*.h' |
  grep -v ';$' | sed -E 's/^(class|struct|enum class) ([A-Za-z]+).*/\2/' | sort | uniq -d)

# Spelt so that this file does not find itself.
while read -r place; do
  breach "$place: left open"
done < <(git grep -nIE 'TO[D]O|FI[X]ME|\bXX[X]\b|DISABLED[_]' -- src proto tools tests docs |
  cut -d: -f1,2 || true)

[ "$breaches" -eq 0 ]
