"""What a table is refused for, each named by the fact."""

from core.errors import DomainError
from core.i18n import N_


class UnreadableTable(DomainError):
    """What was sent is no table that can be read here."""

    status = 400


class NothingSent(UnreadableTable):
    """No file, or one without a byte."""

    sentence = N_("The file is empty. Please choose the file once more.")


class TableTooLarge(UnreadableTable):
    """More bytes than a table of people has."""

    sentence = N_("The file has more than %(most)s MB. Please divide it into several files.")
    status = 413


class OldWorkbook(UnreadableTable):
    """Excel 97–2003."""

    sentence = N_(
        "This is a file of an old Excel (.xls). "
        "Please open it and save it as Excel Workbook (.xlsx)."
    )


class ProtectedWorkbook(UnreadableTable):
    """A workbook encrypted with a password."""

    sentence = N_("The workbook is protected by a password. Please save it without one.")


class PageInsteadOfTable(UnreadableTable):
    """HTML or other markup named as a table."""

    sentence = N_(
        "This is a web page under the name of a table. "
        "Please open it in Excel and save it as Excel Workbook (.xlsx)."
    )


class OtherDocument(UnreadableTable):
    """A Word document, an OpenDocument file, a picture."""

    sentence = N_("This is no table. Please send an Excel Workbook (.xlsx) or a CSV file.")


class DamagedWorkbook(UnreadableTable):
    """A workbook that its own programs would not open either."""

    sentence = N_("The workbook is damaged. Please open it, save it once more and send it again.")


class HoldsMacros(UnreadableTable):
    """A program stands in the file."""

    sentence = N_(
        "The workbook holds macros. Please save it as Excel Workbook (.xlsx), without macros."
    )


class LeadsElsewhere(UnreadableTable):
    """Values come from other files or from the network."""

    sentence = N_(
        "The workbook takes values from other files or holds embedded objects. "
        "Please keep only the values and save it again."
    )


class UnsafeMarkup(UnreadableTable):
    """A document type, entities, or another encoding than a workbook has."""

    sentence = N_("The workbook is built in an unsafe way. Please copy the table into a new one.")


class TooManyRows(UnreadableTable):
    """More rows than one import takes."""

    sentence = N_("The table has more than %(most)s rows. Please divide it into several files.")
    status = 413


class TooManyColumns(UnreadableTable):
    """More columns than any of our tables has."""

    sentence = N_(
        "The table has more than %(most)s columns. Please keep only the columns of the template."
    )
    status = 413


class UnknownLetters(UnreadableTable):
    """A CSV whose letters cannot be told."""

    sentence = N_(
        "The letters of this CSV file cannot be read. "
        "Please save it as CSV UTF-8 (comma delimited), or send an Excel Workbook (.xlsx)."
    )


class BrokenCsv(UnreadableTable):
    """Quotes that do not close, a field without an end."""

    sentence = N_("Near row %(row)s the CSV file is broken: quotation marks do not close.")


class NoHeadings(UnreadableTable):
    """None of the first rows has our headings."""

    sentence = N_(
        "The row of headings was not found. Please use the template; it must have %(headings)s."
    )


class HeadingTwice(UnreadableTable):
    """Two columns say the same thing."""

    sentence = N_("The heading “%(heading)s” stands twice, in %(first)s and %(second)s.")


class NothingInTable(UnreadableTable):
    """Headings and nothing below them."""

    sentence = N_("There is no row below the headings.")


class WrongCell(DomainError):
    """What one cell says cannot be taken."""

    status = 400


class CellMissing(WrongCell):
    """A value that must be there."""

    sentence = N_("“%(heading)s” is missing.")


class CellIsFormula(WrongCell):
    """A formula says what another program would work out."""

    sentence = N_("This cell holds a formula. Please paste its value instead.")


class CellIsFault(WrongCell):
    """Excel shows an error here."""

    sentence = N_("This cell shows an error of Excel (%(value)s).")


class CellUnclean(WrongCell):
    """Characters that no database keeps."""

    sentence = N_("This has characters that cannot be kept.")


class CellTooLong(WrongCell):
    """More letters than the field takes."""

    sentence = N_("Please use at most %(most)s characters.")


class CellNoNumber(WrongCell):
    """Not a whole number within the bounds."""

    sentence = N_("Please type a number from %(low)s to %(high)s.")


class CellNoDay(WrongCell):
    """Not a day."""

    sentence = N_("Please type a day such as 03/10/2027.")


class CellNoHour(WrongCell):
    """Not a time of day."""

    sentence = N_("Please type a time such as 07:30.")


class CellNotOffered(WrongCell):
    """None of the values that the second sheet lists."""

    sentence = N_("“%(value)s” is none of the values allowed; the template lists them.")


class CellNoAddress(WrongCell):
    """Not a web address."""

    sentence = N_("Please type a whole address that begins with https://.")


class SameRowTwice(WrongCell):
    """Two rows of the file mean the same thing."""

    sentence = N_("Row %(row)s is about the same thing.")


class ChangedMeanwhile(DomainError):
    """Somebody changed the data after the preview was made."""

    sentence = N_("The data has changed since the preview was made, so nothing was kept.")


class RowsRefused(DomainError):
    """All or nothing."""

    sentence = N_("Some rows are refused, so nothing can be kept. Please correct the file.")


class OnlyForReading(WrongCell):
    """A change of what a file cannot change."""

    sentence = N_("This cannot be changed by a file.")


class NothingToTakeOut(WrongCell):
    """An action on a line that means no row of ours."""

    sentence = N_("This line means no row that is there, so nothing can be done with it.")


class HangsOn(DomainError):
    """Other things refer to the row."""

    sentence = N_("Other things hang on it, so it cannot be deleted.")


class CannotGoBack(DomainError):
    """Rows of the import were changed since, or other things hang on them."""

    sentence = N_(
        "%(n)s rows were changed since, or other things hang on them, so nothing went back."
    )


class TooLateToGoBack(DomainError):
    """What undoes an import is kept for a day."""

    sentence = N_("This import can no longer be undone.")
