"""Identifiers whose check digits are true, given to nobody."""

from stdnum import luhn


def _cle(body: str) -> str:
    return body + str(luhn.calc_check_digit(body))


SIREN_A, SIREN_B = _cle("21000001"), _cle("21000002")
FINESS_A, FINESS_B = _cle("02900001"), _cle("02900002")


def siret(siren: str, establishment: int) -> str:
    return _cle(f"{siren}{establishment:04d}")
