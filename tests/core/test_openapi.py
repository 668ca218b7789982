"""Where OpenAPI documents keep an endpoint: fal's queue documents, others of 3.x, and Swagger 2.0."""

from typing import Any

import pytest

from app.core.endpoint import Endpoint
from app.core.schema import read_endpoint

Json = Any
MASKED = {"type": "object", "properties": {"image": {"type": "string"}, "mask": {"type": "string"}}}
OTHER = {"type": "object", "properties": {"name": {"type": "string"}}}


def body(schema: Json, content: str = "application/json") -> Json:
    return {"content": {content: {"schema": schema}}}


def post(schema: Json, answer: Json = None) -> Json:
    return {"post": {"requestBody": body(schema), "responses": {"200": body(answer)} if answer else {}}}


def read(paths: Json, name: str = "", **beside: Json) -> Endpoint:
    return read_endpoint({"openapi": "3.1.0", "info": {"title": "A server"}, "paths": paths, **beside}, name=name)


def names(endpoint: Endpoint) -> list[str]:
    return [field.path for field in endpoint.fields]


def test_of_several_calls_the_one_that_takes_a_mask_is_taken_and_it_is_said() -> None:
    endpoint = read({"/api/model": post(OTHER), "/api/inpaint": post(MASKED), "/api/info": {"get": {}}})
    assert names(endpoint) == ["image", "mask"]
    assert endpoint.id == "api/inpaint"
    assert endpoint.problems == ("The document describes 2 calls; this is /api/inpaint.",)


def test_the_call_that_the_name_asks_for_goes_first() -> None:
    assert names(read({"/api/inpaint": post(MASKED), "/api/model": post(OTHER)}, "api/model")) == ["name"]


def test_a_body_and_an_answer_that_are_referred_to_are_followed() -> None:
    paths = {"/x": {"post": {
        "requestBody": {"$ref": "#/components/requestBodies/X"},
        "responses": {"200": {"$ref": "#/components/responses/X"}},
    }}}  # fmt: skip
    answer = {"properties": {"image": {"type": "object", "properties": {"url": {"type": "string"}}}}}
    components = {
        "requestBodies": {"X": body({"$ref": "#/components/schemas/In"})},
        "responses": {"X": body(answer)},
        "schemas": {"In": MASKED},
    }
    endpoint = read(paths, components=components)
    assert names(endpoint) == ["image", "mask"]
    assert endpoint.binding.results == "image.url"
    assert endpoint.problems == ()


def test_a_form_with_files_is_read() -> None:
    endpoint = read({"/x": {"post": {"requestBody": body(MASKED, "multipart/form-data")}}})
    assert names(endpoint) == ["image", "mask"]


def test_swagger_keeps_its_body_among_the_parameters() -> None:
    parameters = [
        {"in": "query", "name": "q", "type": "string"},
        {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/In"}},
    ]
    document = {
        "swagger": "2.0",
        "paths": {"/generate/inpaint": {"post": {"parameters": parameters, "responses": {"200": {"schema": OTHER}}}}},
        "definitions": {"In": MASKED},
    }
    endpoint = read_endpoint(document)
    assert names(endpoint) == ["image", "mask"]
    assert endpoint.output["properties"] == OTHER["properties"]


def test_swaggers_form_fields_are_fields() -> None:
    parameters = [
        {"in": "formData", "name": "image", "type": "file", "required": True, "description": "The photo"},
        {"in": "formData", "name": "steps", "type": "integer", "minimum": 1, "default": 20},
    ]
    endpoint = read_endpoint({"swagger": "2.0", "paths": {"/x": {"post": {"parameters": parameters}}}})
    assert [(field.path, field.kind, field.required) for field in endpoint.fields] == [
        ("image", "string", True),
        ("steps", "integer", False),
    ]
    assert (endpoint.fields[1].minimum, endpoint.fields[1].default) == (1, 20)


@pytest.mark.parametrize(
    "paths",
    [
        {}, {"/x": 3}, {"/x": {"post": 3}}, {"/x": {"post": {"requestBody": []}}}, {"/x": {"$ref": "#/paths/~1x"}},
        {"/x": {"post": {"requestBody": {"content": {"application/json": 5}}}}},
        {"/x": {"post": {"parameters": [3, {}]}}},
        {"/x": {"post": {"requestBody": {"$ref": "#/gone"}}}},
    ],
)  # fmt: skip
def test_odd_documents_are_reported(paths: Json) -> None:
    endpoint = read(paths)
    assert endpoint.fields == ()
    assert "The document has no input schema." in endpoint.problems
