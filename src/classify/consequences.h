// What follows in California from other kinds of data: a health category or an
// identifier may be sensitive personal information (Civ. Code 1798.140(ae)),
// and whatever is, is of category (L) too. The counterparts stand in the
// taxonomy.
#ifndef SUBROSA_SRC_CLASSIFY_CONSEQUENCES_H_
#define SUBROSA_SRC_CLASSIFY_CONSEQUENCES_H_

#include "src/classify/classification.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// The sensitive categories that one kind leads to. Safe from any thread.
SensitiveSet ConsequencesOf(v1::HealthCategory category);
SensitiveSet ConsequencesOf(v1::IdentifierKind identifier);

// `kinds` and all that follows from them. Safe from any thread.
Classification WithConsequences(Classification kinds);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CONSEQUENCES_H_
