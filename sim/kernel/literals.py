"""Float literals as 32-bit floats: a pass in Numba's pipeline, as its documentation describes under *Customizing the compiler*."""

import numpy as np
from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.untyped_passes import IRProcessing


@register_pass(mutates_CFG=False, analysis_only=False)
class _Float32Literals(FunctionPass):
    _name = "sanzhi_float32_literals"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        changed = False
        for block in state.func_ir.blocks.values():
            for statement in block.body:
                if not isinstance(statement, ir.Assign) or not isinstance(statement.value, ir.Const):
                    continue
                value = statement.value
                if type(value.value) is float:
                    statement.value = ir.Const(np.float32(value.value), value.loc)
                    changed = True
        return changed


class Compiler(CompilerBase):
    """Numba's usual pipeline, with float literals of 32 bits."""

    def define_pipelines(self):
        """The pipeline, as Numba asks for it."""
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.add_pass_after(_Float32Literals, IRProcessing)
        manager.finalize()
        return [manager]
