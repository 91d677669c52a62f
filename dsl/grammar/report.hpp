// A failed parse, said for people: what was expected, what was found, and what was probably meant.
#pragma once
#include "dsl/grammar/grammar.hpp"

namespace kenzan::dsl::grammar {

/// Reports that the declaration that starts at `begin` failed. Says nothing where the lexer already reported a token of it.
void report_failure(const Failure& failure, const Token* begin, const Tokens& tokens, Diagnostics& diagnostics);

}  // namespace kenzan::dsl::grammar
