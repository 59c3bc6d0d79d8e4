"""The rules: what is seen, against what ought to be, one class for each kind of trouble."""

from lepatrol.perception.rules.book import RuleBook, make_rules
from lepatrol.perception.rules.rule import Rule

__all__ = ['Rule', 'RuleBook', 'make_rules']
