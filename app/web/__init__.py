"""Pages and their JSON, one package per audience.

Edges open the transaction, call one service and present its value.
"""
