"""What a section holds that can be asked: lists, descriptions, statements, tables, steps. Knows no questions."""
