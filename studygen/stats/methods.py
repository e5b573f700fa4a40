"""The catalogue of methods: what each result's `Origin.method` means, as a formula with its source. Every method used anywhere
must stand here; documents that describe methods and `studygen explain` read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its formula, where it was described, and the DOI when it has one."""

    formula: str
    citation: str
    doi: str = ""


_METAFOR = ("Viechtbauer W. J Stat Softw 2010;36(3):1–48", "10.18637/jss.v036.i03")

_ESTIMATORS = {
    "common": ("w = 1/v", "Cochran WG. Biometrics 1954;10:101–129", "10.2307/3001666"),
    "dl": (
        "w = 1/(v + τ²), τ² = max(0, (Q − (k − 1)) / (Σ w₀ − Σ w₀²/Σ w₀)), w₀ = 1/v",
        "DerSimonian R, Laird N. Control Clin Trials 1986;7:177–188",
        "10.1016/0197-2456(86)90046-2",
    ),
    "pm": (
        "w = 1/(v + τ²), τ² such that Σ w (y − μ)² = k − 1, or 0",
        "Paule RC, Mandel J. J Res Natl Bur Stand 1982;87:377–385",
        "10.6028/jres.087.022",
    ),
    "reml": (
        "w = 1/(v + τ²), τ² maximises the restricted likelihood",
        "Viechtbauer W. J Educ Behav Stat 2005;30:261–293",
        "10.3102/10769986030003261",
    ),
    "ml": (
        "w = 1/(v + τ²), τ² maximises the likelihood",
        "Viechtbauer W. J Educ Behav Stat 2005;30:261–293",
        "10.3102/10769986030003261",
    ),
    "eb": (
        "w = 1/(v + τ²), τ² such that Σ w (y − μ)² = k − 1, or 0",
        "Morris CN. J Am Stat Assoc 1983;78:47–55",
        "10.1080/01621459.1983.10477920",
    ),
    "sj": (
        "w = 1/(v + τ²), τ² = t₀ Σ w₁ (y − μ₁)² / (k − 1), w₁ = 1/(v + t₀), t₀ = Σ (y − mean y)² / k",
        "Sidik K, Jonkman JN. J R Stat Soc C 2005;54:367–384",
        "10.1111/j.1467-9876.2005.00489.x",
    ),
    "he": (
        "w = 1/(v + τ²), τ² = max(0, var y − mean v)",
        "Hedges LV. Psychol Bull 1983;93:388–395",
        "10.1037/0033-2909.93.2.388",
    ),
    "hs": (
        "w = 1/(v + τ²), τ² = max(0, (Q − k) / Σ w₀), w₀ = 1/v",
        "Viechtbauer W. J Educ Behav Stat 2005;30:261–293",
        "10.3102/10769986030003261",
    ),
}
_INTERVALS = {
    "wald": ("μ ± z / √(Σ w)", "", ""),
    "hartung_knapp": (
        "μ ± t(k − 1) √(Σ w (y − μ)² / ((k − 1) Σ w))",
        "Hartung J, Knapp G. Stat Med 2001;20:1771–1782",
        "10.1002/sim.791",
    ),
    "t": ("μ ± t(k − 1) / √(Σ w)", "", ""),
    "hartung_knapp_truncated": (
        "μ ± t(k − 1) √(max(1, q) / Σ w), q = Σ w (y − μ)² / (k − 1)",
        "Knapp G, Hartung J. Stat Med 2003;22:2693–2710; Röver C, Knapp G, Friede T. BMC Med Res Methodol 2015;15:99",
        "10.1186/s12874-015-0091-1",
    ),
}

_MODERN_EPIDEMIOLOGY = "Rothman KJ, Greenland S, Lash TL. Modern Epidemiology, 3rd ed. Philadelphia: Lippincott; 2008"
_HIGGINS_THOMPSON = ("Higgins JPT, Thompson SG. Stat Med 2002;21:1539–1558", "10.1002/sim.1186")
_PREDICTION = ("Higgins JPT, Thompson SG, Spiegelhalter DJ. J R Stat Soc A 2009;172:137–159", "10.1111/j.1467-985X.2008.00552.x")
_PARMAR = (
    "Parmar MKB, Torri V, Stewart L. Stat Med 1998;17:2815–2834",
    "10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8",
)
_SCHOENFELD = ("Schoenfeld DA. Biometrics 1983;39:499–503", "10.2307/2531021")

_GREENLAND_ROBINS = ("Greenland S, Robins JM. Biometrics 1985;41:55–68", "10.2307/2530643")
_BRESLOW_DAY = ("Breslow NE, Day NE. Statistical Methods in Cancer Research, vol. 2. Lyon: IARC; 1987",)
_STIJNEN = ("Stijnen T, Hamza TH, Özdemir P. Stat Med 2010;29:3046–3067", "10.1002/sim.4040")
_PROFILES = (
    "Schuemie MJ, Chen Y, Madigan D, Suchard MA. Stat Methods Med Res 2022;31:438–450",
    "10.1177/09622802211060518",
)
_CALIBRATION = (
    "Schuemie MJ, Hripcsak G, Ryan PB, Madigan D, Suchard MA. Proc Natl Acad Sci USA 2018;115:2571–2577",
    "10.1073/pnas.1708282114",
)
_INTERVAL_CENSORED = "Lindsey JC, Ryan LM. Stat Med 1998;17:219–238"

_POOLING = {
    f"{estimator}_{interval}": Method(
        f"μ = Σ w y / Σ w, {weights}; interval {limits}",
        f"{source}; {interval_source}" if interval_source else source,
        interval_doi or doi,
    )
    for estimator, (weights, source, doi) in _ESTIMATORS.items()
    for interval, (limits, interval_source, interval_doi) in _INTERVALS.items()
}
_TAU_SQUARED = {
    f"tau_squared_{estimator}": Method(weights.removeprefix("w = 1/(v + τ²), "), source, doi)
    for estimator, (weights, source, doi) in _ESTIMATORS.items()
    if estimator != "common"
}

METHODS: dict[str, Method] = {
    # ---- as sent
    "as_delivered": Method("as the data source stated it", "the data source"),
    "wald_from_se": Method("exp(log estimate ± z se); the logit or plain scale likewise", *_PARMAR),
    "sum": Method("sum over data sources, for description only", "arithmetic"),
    "difference": Method("number before less number after", "arithmetic"),
    "combined_mean": Method("Σ n m / Σ n over data sources", "arithmetic"),
    "combined_sd": Method(
        "√((Σ (n − 1) s² + Σ n (m − mean)²) / (Σ n − 1)) over data sources, the spread of all persons together",
        "arithmetic",
    ),
    "number_of_sources": Method("number of data sources whose estimates were combined", "arithmetic"),
    # ---- one registry
    "rate_exact_poisson": Method(
        "d/T; limits χ²(a/2, 2d)/2T and χ²(1 − a/2, 2d+2)/2T",
        "Garwood F. Biometrika 1936;28:437–442",
        "10.1093/biomet/28.3-4.437",
    ),
    "rate_wald_log": Method("d/T; exp(ln(d/T) ± z/√d)", _MODERN_EPIDEMIOLOGY),
    "proportion_clopper_pearson": Method(
        "x/n; beta quantiles B(a/2; x, n − x+1) and B(1 − a/2; x+1, n − x)",
        "Clopper CJ, Pearson ES. Biometrika 1934;26:404–413",
        "10.1093/biomet/26.4.404",
    ),
    "proportion_wilson": Method(
        "x/n; (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)",
        "Wilson EB. J Am Stat Assoc 1927;22:209–212",
        "10.1080/01621459.1927.10502953",
    ),
    "proportion_wald_logit": Method("x/n; expit(logit p ± z √(1/x + 1/(n − x)))", _MODERN_EPIDEMIOLOGY),
    "mean_wald": Method("m ± z s/√n", "textbook"),
    "risk_ratio_wald": Method(
        "ln(a/n1) − ln(c/n2), variance 1/a − 1/n1 + 1/c − 1/n2",
        "Katz D, Baptista J, Azen SP, Pike MC. Biometrics 1978;34:469–474",
        "10.2307/2530610",
    ),
    "odds_ratio_wald": Method(
        "ln(ad/bc), variance 1/a + 1/b + 1/c + 1/d",
        "Woolf B. Ann Hum Genet 1955;19:251–253",
        "10.1111/j.1469-1809.1955.tb01348.x",
    ),
    "risk_difference_wald": Method("a/n1 − c/n2, variance ab/n1³ + cd/n2³", _MODERN_EPIDEMIOLOGY),
    "rate_ratio_wald": Method("ln(a/t1) − ln(c/t2), variance 1/a + 1/c", _MODERN_EPIDEMIOLOGY),
    "rate_difference_wald": Method("a/t1 − c/t2, variance a/t1² + c/t2²", _MODERN_EPIDEMIOLOGY),
    "mean_difference_wald": Method("m1 − m2, variance s1²/n1 + s2²/n2", "textbook"),
    # ---- pooled
    **_POOLING,
    **_TAU_SQUARED,
    "leave_one_out": Method("the main pooling repeated without one data source", *_METAFOR),
    "cumulative": Method("the main pooling of the first data source, the first two, and so on", *_METAFOR),
    "tau_squared_q_profile": Method(
        "all τ² with χ² quantiles around Σ w (y − μ)², w = 1/(v + τ²)",
        "Viechtbauer W. Stat Med 2007;26:37–52",
        "10.1002/sim.2514",
    ),
    "tau_squared_profile_likelihood": Method(
        "all τ² with 2 (l(max) − l(τ²)) below the χ²(1) quantile",
        "Hardy RJ, Thompson SG. Stat Med 1996;15:619–629",
        "10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A",
    ),
    "influence": Method(
        "deletion diagnostics: rstudent, DFFITS, Cook's distance, covariance ratio, hat, DFBETAS",
        "Viechtbauer W, Cheung MWL. Res Synth Methods 2010;1:112–125",
        "10.1002/jrsm.11",
    ),
    "meta_regression": Method(
        "b = inv(X'WX) X'Wy, W = 1/(v + τ²); QM = b' inv(V) b",
        "Berkey CS, Hoaglin DC, Mosteller F, Colditz GA. Stat Med 1995;14:395–411",
        "10.1002/sim.4780140406",
    ),
    "subgroup_test_common": Method("meta-regression on group membership, one τ²", *_METAFOR),
    "subgroup_test_separate": Method(
        "Σ w (μ_g − μ)², w = 1/se_g², τ² of each group",
        "Borenstein M, Hedges LV, Higgins JPT, Rothstein HR. Introduction to Meta-Analysis. Chichester: Wiley; 2009, chapter 19",
    ),
    "egger": Method(
        "slope of y on √v, least squares weighted by 1/v",
        "Egger M, Davey Smith G, Schneider M, Minder C. BMJ 1997;315:629–634",
        "10.1136/bmj.315.7109.629",
    ),
    "begg": Method(
        "Kendall's τ of (y − μ)/√(v − 1/Σ w) and v",
        "Begg CB, Mazumdar M. Biometrics 1994;50:1088–1101",
        "10.2307/2533446",
    ),
    "weight": Method("100 w / Σ w", *_METAFOR),
    "cochran_q": Method("Σ w₀ (y − μ₀)², w₀ = 1/v", "Cochran WG. Biometrics 1954;10:101–129", "10.2307/3001666"),
    "cochran_q_p": Method("P(χ²(k − 1) > Q)", "Cochran WG. Biometrics 1954;10:101–129", "10.2307/3001666"),
    "i_squared_from_q": Method("100 max(0, (Q − (k − 1))/Q)", *_HIGGINS_THOMPSON),
    "h_squared_from_q": Method("Q/(k − 1)", *_HIGGINS_THOMPSON),
    "i_squared_from_tau": Method("100 τ²/(τ² + s²), s² = (k − 1) Σ w₀ / ((Σ w₀)² − Σ w₀²)", *_HIGGINS_THOMPSON),
    "h_squared_from_tau": Method("τ²/s² + 1, s² = (k − 1) Σ w₀ / ((Σ w₀)² − Σ w₀²)", *_HIGGINS_THOMPSON),
    "prediction_t": Method("μ ± t(k − 1) √(τ² + se²)", *_PREDICTION),
    "prediction_riley": Method("μ ± t(k − 2) √(τ² + se²)", *_PREDICTION),
    "prediction_hartung_knapp_truncated": Method("μ ± t(k − 1) √(τ² + se²), se of truncated Hartung–Knapp", *_PREDICTION),
    "prediction_hartung_knapp": Method("μ ± t(k − 1) √(τ² + se²), se of Hartung–Knapp", *_PREDICTION),
    # ---- rare events
    "mantel_haenszel_risk_ratio": Method(
        "ln(Σ a n2/N / Σ c n1/N), variance Σ(n1 n2 (a+c)/N² − ac/N) / (R S)", *_GREENLAND_ROBINS
    ),
    "mantel_haenszel_odds_ratio": Method(
        "ln(Σ ad/N / Σ bc/N), variance of Robins, Breslow, Greenland",
        "Robins J, Breslow N, Greenland S. Biometrics 1986;42:311–323",
        "10.2307/2531052",
    ),
    "mantel_haenszel_risk_difference": Method(
        "Σ w (a/n1 − c/n2) / Σ w, w = n1 n2/N", "Sato T, Greenland S, Robins JM. Biometrics 1989;45:1323–1324"
    ),
    "mantel_haenszel_rate_ratio": Method("ln(Σ a t2/T / Σ c t1/T), variance Σ(t1 t2 (a+c)/T²) / (R S)", *_GREENLAND_ROBINS),
    "mantel_haenszel_rate_difference": Method(
        "Σ w (a/t1 − c/t2) / Σ w, w = t1 t2/T, variance Σ w² (a/t1² + c/t2²) / (Σ w)²", *_GREENLAND_ROBINS
    ),
    "cochran_mantel_haenszel": Method(
        "(|Σ(a − E)| − 1/2)² / Σ V, hypergeometric E and V",
        "Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719–748",
        "10.1093/jnci/22.4.719",
    ),
    "tarone": Method(
        "Σ (a − A)²/V − (Σ(a − A))²/Σ V, A fitted under the common odds ratio",
        "Tarone RE. Biometrika 1985;72:91–95",
        "10.1093/biomet/72.1.91",
    ),
    "peto": Method(
        "Σ(O − E)/Σ V, variance 1/Σ V",
        "Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Prog Cardiovasc Dis 1985;27:335–371",
        "10.1016/S0033-0620(85)80003-7",
    ),
    "exact_conditional_rate_ratio": Method(
        "events of group 1 given both: binomial with odds exp(θ) t1/t2; conditional maximum likelihood, exact limits",
        *_BRESLOW_DAY,
    ),
    "exact_conditional_odds_ratio": Method(
        "events of group 1 given the margins: noncentral hypergeometric; conditional maximum likelihood, exact limits",
        "Gart JJ. Biometrika 1970;57:471–475",
        "10.1093/biomet/57.3.471",
    ),
    "glmm_single_group": Method("counts Poisson or binomial, log rate or logit ~ N(μ, τ²); maximum likelihood", *_STIJNEN),
    "glmm_conditional": Method("events of group 1 given the margins, log ratio ~ N(μ, τ²); maximum likelihood", *_STIJNEN),
    "glmm_two_groups": Method(
        "counts with baselines per source, fixed or random, and log ratio ~ N(μ, τ²); maximum likelihood",
        "Jackson D, Law M, Stijnen T, Viechtbauer W, White IR. Stat Med 2018;37:1059–1085",
        "10.1002/sim.7588",
    ),
    "likelihood_profiles": Method("maximum of the summed log-likelihoods; limits where it falls by χ²(1)/2", *_PROFILES),
    "bayesian_half_normal": Method(
        "y ~ N(μ, v + τ²), μ ~ N(0, 2²), τ ~ half-normal(0.5); numerical integration, median and equal-tailed interval",
        "Röver C. J Stat Softw 2020;93(6):1–51",
        "10.18637/jss.v093.i06",
    ),
    "bayesian_flat_half_normal": Method(
        "y ~ N(μ, v + τ²), μ flat, τ ~ half-normal of the stated scale; numerical integration, median, equal-tailed interval",
        "Röver C. J Stat Softw 2020;93(6):1–51",
        "10.18637/jss.v093.i06",
    ),
    "bayesian_profiles_half_normal": Method(
        "profile likelihoods, effects ~ N(μ, τ²), μ ~ N(0, 2²), τ ~ half-normal(0.5); numerical integration", *_PROFILES
    ),
    "masked_counts_likelihood": Method(
        "a masked count's likelihood is the sum over 1 to threshold − 1; limits where the log-likelihood falls by χ²(1)/2",
        _INTERVAL_CENSORED,
    ),
    "masked_counts_bounds": Method("smallest and largest value over all counts that the masks admit", "arithmetic"),
    # ---- occurrence, survival, balance
    "rate_mid_p": Method(
        "d/T; limits where P(more) + P(as many)/2 = a/2",
        "Cohen GR, Yang SY. Stat Med 1994;13:2189–2203",
        "10.1002/sim.4780132102",
    ),
    "proportion_mid_p": Method(
        "x/n; limits where P(more) + P(as many)/2 = a/2",
        "Lancaster HO. J Am Stat Assoc 1961;56:223–234",
        "10.1080/01621459.1961.10482105",
    ),
    "direct_standardisation_gamma": Method(
        "Σ w d/t; gamma limits",
        "Fay MP, Feuer EJ. Stat Med 1997;16:791–801",
        "10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#",
    ),
    "direct_standardisation_dobson": Method(
        "Σ w d/t; rate + √(V/d) (exact limit of d − d)",
        "Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Stat Med 1991;10:457–462",
        "10.1002/sim.4780100317",
    ),
    "smr_exact": Method(
        "O/E with exact Poisson limits of O", "Garwood F. Biometrika 1936;28:437–442", "10.1093/biomet/28.3-4.437"
    ),
    "smr_byar": Method("O/E; limits O(1 − 1/9O − z/3√O)³ and the same of O + 1 with plus", *_BRESLOW_DAY),
    "kaplan_meier": Method(
        "product of 1 − d/n over summed risk tables; Greenwood's variance, log-log limits",
        "Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–481",
        "10.1080/01621459.1958.10501452",
    ),
    "life_table": Method(
        "product of 1 − d/(n − c/2) over the intervals of summed life tables; Greenwood's variance, log-log limits",
        "Cutler SJ, Ederer F. J Chronic Dis 1958;8:699–712",
        "10.1016/0021-9681(58)90126-7",
    ),
    "life_table_competing": Method(
        "sum of S d/(n − c/2) over the intervals of summed life tables, S free of all events at the interval's start",
        "Marubini E, Valsecchi MG. Analysing Survival Data from Clinical Trials and Observational Studies. Wiley; 1995",
    ),
    "survival_random_effects": Method(
        "log(−log S) of each source at a time, pooled",
        "Combescure C, Foucher Y, Jackson D. Stat Med 2014;33:2521–2537",
        "10.1002/sim.6111",
    ),
    "cumulative_incidence": Method(
        "sum of S(t−) d/n over summed risk tables, S of all events", "Aalen OO, Johansen S. Scand J Stat 1978;5:141–150"
    ),
    "restricted_mean": Method(
        "area under the survival curve up to a horizon",
        "Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152",
        "10.1186/1471-2288-13-152",
    ),
    "median_time": Method(
        "first time at which S <= 1/2; limits from those of S",
        "Brookmeyer R, Crowley J. Biometrics 1982;38:29–41",
        "10.2307/2530286",
    ),
    "standardised_difference": Method("(m1 − m2)/√((s1² + s2²)/2)", "Austin PC. Stat Med 2009;28:3083–3107", "10.1002/sim.3697"),
    "standardised_category_difference": Method(
        "√(g' inv(C) g), g differences of shares, C mean of both multinomial covariances",
        "Yang D, Dalton JE. SAS Global Forum 2012, paper 335",
    ),
    "average_absolute_difference": Method("Σ n |d| / Σ n over data sources, n persons of both groups", "arithmetic"),
    "largest_absolute_difference": Method("largest |d| among the data sources", "arithmetic"),
    # ---- credibility
    "e_value": Method("RR + √(RR(RR − 1))", "VanderWeele TJ, Ding P. Ann Intern Med 2017;167:268–274", "10.7326/M16-2607"),
    "bounding_factor": Method(
        "EU UD/(EU + UD − 1)", "Ding P, VanderWeele TJ. Epidemiology 2016;27:368–377", "10.1097/EDE.0000000000000457"
    ),
    "tipping_point": Method(
        "RR (1 + p0(g − 1))/(1 + p1(g − 1)) = target",
        "Schneeweiss S. Pharmacoepidemiol Drug Saf 2006;15:291–303",
        "10.1002/pds.1200",
    ),
    "calibrated_p": Method(
        "2 Φ(−|y − m|/√(se² + s²)), systematic error N(m, s²) from negative controls",
        "Schuemie MJ, Ryan PB, DuMouchel W, Suchard MA, Madigan D. Stat Med 2014;33:209–218",
        "10.1002/sim.5925",
    ),
    "calibrated_interval": Method("y − m ± z √(se² + s²)", *_CALIBRATION),
    "expected_absolute_systematic_error": Method("mean of |N(m, s²)|", *_CALIBRATION),
    "minimum_detectable_ratio": Method("exp((z(1 − a/2) + z(power)) se)", "Armstrong B. Am J Epidemiol 1987;126:356–358"),
    "back_calculated_events": Method("(2z/ln(U/L))²", "arithmetic"),
    # ---- planned precision
    "declared": Method("as declared in the study definition", "the study definition"),
    "planned_person_years": Method("persons × mean follow-up", "arithmetic"),
    "expected_events": Method("person-years × rate", "arithmetic"),
    "interval_factor": Method("exp(z √(1/d1 + 1/d2))", _MODERN_EPIDEMIOLOGY),
    "power_log_ratio": Method("Φ(|ln r| / √(1/d1 + 1/d2) − z)", _MODERN_EPIDEMIOLOGY),
    "events_needed": Method("(z(1 − a/2) + z(0.80))² / (p(1 − p) (ln r)²), p = share of persons exposed", *_SCHOENFELD),
    "zero_event_upper": Method(
        "−ln(a/2)/T, the exact upper limit without events", "Garwood F. Biometrika 1936;28:437–442", "10.1093/biomet/28.3-4.437"
    ),
}
"""Every method by its key."""
