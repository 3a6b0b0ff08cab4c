"""From complete evidence to a decision: the rule of a level, what is known of a person, who decided."""
