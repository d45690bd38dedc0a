// Partly known dates against a day or each other. What no source says is not held against anybody. Pure.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DATES_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DATES_H_

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace partnerskap::agreements {

// Whether a source tells anything of the date at all.
bool IsKnown(const google::type::Date& date);
// Certainly: absent dates, and dates too vague to tell, answer false.
bool IsBefore(const google::type::Date& a, const google::type::Date& b);
// The whole of `date` lies on or before `day`.
bool HasCome(const google::type::Date& date, absl::CivilDay day);
// The whole of `date` lies after `day`.
bool IsToCome(const google::type::Date& date, absl::CivilDay day);
// The whole of `date` lies before `day`: an inclusive end that is over.
bool IsOver(const google::type::Date& end, absl::CivilDay day);
// The later of the two in list order; an absent one is the earlier.
const google::type::Date& LaterOf(const google::type::Date& a, const google::type::Date& b);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_DATES_H_
