"""Entry point of ``python -m firdesk``, of the installed command and of the bundled program."""

from firdesk.cli import main

if __name__ == "__main__":
    main()
