"""Supervision: the programme, the inspection and its decision, the organiser's answer, the closure gate and the ladder."""
