//! ISO 3166-1 alpha-2 countries: what a market is made of and what geo targeting may name.
//!
//! A fixed table instead of a crate: the list changes once in years, and a wrong code must be found before it reaches
//! a platform. Source: the public-domain `iso3166.tab` of the IANA time zone database, 2024b.

/// The 249 assigned codes, sorted.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM \
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR \
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
    UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// True for an assigned code in upper case. `UK` and `EU` are not: the country is `GB`, and the union is no country.
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && CODES.split(' ').any(|c| c == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_sorted_and_without_repeats() {
        let all: Vec<_> = CODES.split(' ').collect();
        assert_eq!(all.len(), 249);
        assert!(all.windows(2).all(|w| w[0] < w[1]));
        assert!(all.iter().all(|c| c.len() == 2));
    }

    #[test]
    fn look_alikes_are_no_countries() {
        for no in ["UK", "EU", "us", "U", "USA", "", "XX", "A ", " "] {
            assert!(!is_country(no), "{no}");
        }
        assert!(is_country("GB") && is_country("US"));
    }
}
