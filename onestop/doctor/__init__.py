"""What is wrong with an installation, and how to mend it: `manage.py doctor`.

Each check is a plain function that yields findings, in a file by its subject; `registry.CHECKS`
lists them. A check may take its time or fail: `running` bounds each and goes on with the others.
"""
