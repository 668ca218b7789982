"""Every command of the window as data: its words, keys, icon and menu. The tools bring their own (``app.ui.tools``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One menu entry. ``keys`` are portable shortcut texts; the first is shown in the tooltip.

    What follows a tab in ``text`` is shown as a key that the canvas itself listens to.
    """

    id: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    separated: bool = False
    """Whether a line stands above it in the menu."""


MENUS = ("File", "Edit", "Mask", "View", "Endpoint", "Result", "Help")

COMMANDS = (
    Command("open", "&Open picture…", "File", ("Ctrl+O",), "open", "Open a picture"),
    Command("paste", "&Paste picture", "File", ("Ctrl+V",), "paste", "Open the picture on the clipboard"),
    Command("sample", "Open the sample &photo", "File", (), "picture", "Open the photo that comes with the program"),
    Command("open-mask", "Open &mask…", "File", ("Ctrl+Shift+O",), "mask", "Load a mask file of the same size"),
    Command("save", "&Save picture", "File", ("Ctrl+S",), "save", "Save the picture", separated=True),
    Command("save-as", "Save picture &as…", "File", ("Ctrl+Shift+S",), "", "Save the picture under another name"),
    Command("save-mask", "Save mas&k…", "File", ("Ctrl+Alt+S",), "save-mask", "Save the mask as a file"),
    Command("quit", "&Quit", "File", ("Ctrl+Q",), "", "Leave the program", separated=True),
    Command("undo", "&Undo", "Edit", ("Ctrl+Z",), "undo", "Take the last step back"),
    Command("redo", "&Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Do it again"),
    Command("invert", "&Invert", "Mask", ("Ctrl+I",), "invert", "Swap masked and unmasked"),
    Command("grow", "&Grow (dilate)", "Mask", ("G",), "grow", "Grow the mask by the amount in the options bar"),
    Command("shrink", "&Shrink (erode)", "Mask", ("Shift+G",), "shrink", "Shrink the mask by the amount"),
    Command("fill-all", "Mask &everything", "Mask", ("Ctrl+A",), "fill-all", "Mask the whole picture"),
    Command("clear", "&Clear mask", "Mask", ("Ctrl+Shift+A", "Del"), "clear", "Take the whole mask away"),
    Command("zoom-in", "Zoom &in", "View", ("Ctrl++", "Ctrl+="), "", "Show it larger"),
    Command("zoom-out", "Zoom &out", "View", ("Ctrl+-",), "", "Show it smaller"),
    Command("fit", "&Fit", "View", ("Ctrl+0",), "fit", "Show the whole picture"),
    Command("actual-size", "&100 %", "View", ("Ctrl+1",), "actual-size", "One picture pixel to one screen pixel"),
    Command("zoom-mask", "Zoom to &mask", "View", ("Shift+Z",), "zoom-mask", "Show the masked region"),
    Command("overlay", "Mask &overlay", "View", ("\\",), "overlay", "Show or hide the mask", True, True),
    Command("crops", "Show &crop outline", "View", (), "", "Outline the regions that would be sent", True),
    Command("surround", "Change s&urround", "View", ("F",), "surround", "Dark, mid grey or white round the picture"),
    Command("panels", "Hide &panels\tTab", "View", (), "", "Only the canvas (Tab on the canvas)", True),
    Command("full-screen", "F&ull screen", "View", ("F11",), "", "Use the whole screen", True),
    Command(
        "next-part", "&Next part of the window", "View", ("F6",), "", "Give the keys to the next part", False, True
    ),
    Command("previous-part", "Pre&vious part", "View", ("Shift+F6",), "", "Give the keys to the part before"),
    Command("light", "&Light theme", "View", (), "", "Light or dark interface", True),
    Command("choose-endpoint", "&Choose endpoint…", "Endpoint", ("Ctrl+E",), "", "List and search the endpoints"),
    Command("add-endpoint", "&Add endpoint…", "Endpoint", ("Ctrl+Shift+E",), "add", "By id, link, file or search"),
    Command("refresh-endpoint", "Read it a&gain…", "Endpoint", (), "", "Fetch its document again and see what changed"),
    Command("remove-endpoint", "&Take it away", "Endpoint", (), "", "Only an endpoint that you added"),
    Command("roles", "What goes &where…", "Endpoint", (), "", "Which field takes picture, mask, prompt and so on"),
    Command("save-preset", "Save as &preset…", "Endpoint", (), "preset", "Keep these values under a name", False, True),
    Command("copy-values", "C&opy values as JSON", "Endpoint", ("Ctrl+Shift+C",), "copy", "For a file, a chat, a bug"),
    Command("paste-values", "Pa&ste values", "Endpoint", ("Ctrl+Shift+V",), "paste", "From JSON on the clipboard"),
    Command("reset-values", "&Reset all values", "Endpoint", (), "reset", "Leave every field to its default"),
    Command("generate", "&Generate", "Result", ("Ctrl+Return", "Ctrl+Enter"), "generate", "Fill what is masked"),
    Command("generate-new", "Generate with new &seed", "Result", ("Ctrl+Shift+Return",), "dice", "Another variant"),
    Command("sheet", "&What will be sent…", "Result", ("Ctrl+Shift+I",), "", "Crop, mask, body, size and price"),
    Command("cancel", "&Cancel all jobs", "Result", ("Ctrl+.",), "cancel", "Stop what runs"),
    Command(
        "accept", "&Accept result\tEnter", "Result", (), "accept", "Make the result part of the picture", False, True
    ),
    Command("dismiss", "&Put the result aside\tEsc", "Result", (), "dismiss", "Show the picture without the result"),
    Command("compare", "Co&mpare", "Result", ("C",), "compare", "Side by side, or with a divider", True),
    Command("help", "&First inpainting", "Help", ("F1",), "info", "Five steps to the first result"),
    Command("keys", "&Tools and keys", "Help", (), "", "What each tool and key does"),
    Command("values-help", "&Endpoints and values", "Help", (), "", "Choosing, adding, what is sent, presets"),
    Command("folders", "Where &files go", "Help", (), "", "What the program keeps, and where"),
    Command("about", "&About Mendbrush", "Help", (), "", "Version and licence"),
)

HELP_PAGES = {"help": "first-inpainting.md", "keys": "tools.md", "values-help": "endpoints.md", "folders": "files.md"}
"""Commands that show a page of ``resources/help``."""
