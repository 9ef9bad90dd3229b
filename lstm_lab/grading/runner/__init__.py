"""The trusted side: a pytest that stays, its fixtures, and what comes out as rows."""
