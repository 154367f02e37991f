"""The standards: to look at, to search, and to publish anew."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from conduct import clock, reads, sheets
from conduct.errors import Refused
from conduct.shapes import Upload
from inspections.actions import standards as actions
from inspections.forms.standards import NodeForms, SchemeFile
from inspections.models import Taxonomy
from inspections.queries import campaigns, scheme_files
from inspections.queries import standards as queries
from people import access
from people.asking import SignedInRequest
from people.roles import Permission

UPLOAD = Upload(
    name="file",
    label="新版本文件",
    accept=".xlsx,.csv,.json",
    limits="XLSX、CSV 或 JSON，最大 10 MB；先导出现行版本，改好后上传",
    multiple=False,
    camera=False,
    max_mb=10,
)


def standards(request: SignedInRequest) -> HttpResponse:
    """Both schemes as trees, their counterparts and causes, and the rule lists."""
    context = {
        "schemes": queries.schemes(),
        "counterparts": queries.counterparts(),
        "rule_lists": queries.rule_lists(),
        "may_publish": access.holds(request.user, Permission.STANDARDS_EDIT),
    }
    return render(request, "inspections/standards.html", context)


def indicator_search(request: SignedInRequest) -> HttpResponse:
    """Indicators that match the words typed: a fragment, or a plain page without script."""
    text, top = request.GET.get("q", "")[:60], request.GET.get("top", "")[:4]
    taxonomy = _taxonomy_for(request)
    context = {
        "hits": queries.search_indicators(taxonomy=taxonomy, text=text, top=top),
        "q": text,
        "top": top,
        "taxonomy": taxonomy,
    }
    name = "_indicator_hits" if request.headers.get("HX-Request") else "indicator_search"
    return render(request, f"inspections/{name}.html", context)


def standards_export(request: SignedInRequest, scheme: str) -> HttpResponse:
    """The version in force as a workbook that can be changed and published."""
    taxonomy = queries.current(scheme)
    content = sheets.workbook(
        title="问题分类", headings=scheme_files.HEADINGS, rows=scheme_files.rows(taxonomy)
    )
    reads.export(at=clock.now(), by=request.user, subject=taxonomy, label="导出检查标准")
    return sheets.hand_out(content, filename=f"{taxonomy.title}-第{taxonomy.version}版.xlsx")


def standards_publish(request: SignedInRequest, scheme: str) -> HttpResponse:
    """Publish the next version from a file, or from the version in force with changes."""
    taxonomy = queries.current(scheme)
    if request.method != "POST":
        return _form(request, taxonomy, NodeForms(taxonomy=taxonomy), SchemeFile())
    by_file = request.POST.get("by") == "file"
    upload = SchemeFile(request.POST, request.FILES) if by_file else SchemeFile()
    nodes = NodeForms(taxonomy=taxonomy, data=None if by_file else request.POST)
    asked = upload if by_file else nodes
    found = asked.read()
    if found is not None:
        try:
            new = actions.publish(scheme=scheme, nodes=found, by=request.user, at=clock.now())
        except Refused as refusal:
            asked.refuse(str(refusal))
        else:
            messages.success(request, f"已发布{new}。以前的问题仍按原版本，新方案用新版本。")
            return redirect("inspections:standards")
    return _form(request, taxonomy, nodes, upload, status=422)


def _form(
    request: SignedInRequest, taxonomy: Taxonomy, nodes: NodeForms, upload: SchemeFile, *, status: int = 200
) -> HttpResponse:
    context = {"taxonomy": taxonomy, "nodes": nodes, "file_form": upload, "upload": UPLOAD}
    return render(request, "inspections/standards_publish.html", context, status=status)


def _taxonomy_for(request: SignedInRequest) -> Taxonomy:
    """The scheme of the campaign named, or the first scheme in force."""
    wanted = request.GET.get("campaign", "")
    if not wanted:
        return queries.current(Taxonomy.Scheme.SPEECH)
    try:
        return campaigns.get_for(request.user, UUID(wanted)).taxonomy
    except ValueError as fault:
        raise Http404 from fault
